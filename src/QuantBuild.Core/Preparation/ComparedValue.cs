using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>A value of the original model and the one of the prepared model that must equal it.</summary>
/// <remarks>
/// A saturating function at the end hides or magnifies what rounding does before it: where a detector sees nothing, a sigmoid is about
/// 1e-9, and the rounding of a logit of −20 moves that by its own size. The function itself is the same in both models, so that
/// comparing what it reads proves as much.
/// </remarks>
/// <param name="IsRandom">True: it differs from run to run, and only its size can be compared.</param>
internal sealed record ComparedValue(string Output, string Original, string Prepared, bool IsRandom)
{
    private static readonly HashSet<string> Saturating = new(StringComparer.Ordinal)
    {
        "Sigmoid", "Softmax", "LogSoftmax", "Tanh", "HardSigmoid", "Exp",
    };

    public static IReadOnlyList<ComparedValue> Of(OnnxGraph original, OnnxGraph prepared)
    {
        IReadOnlySet<string> random = RandomValues.Of(prepared);
        return [.. original.OutputNames.Select(output => Trace(output, original, prepared, random.Contains(output)))];
    }

    private static ComparedValue Trace(string output, OnnxGraph original, OnnxGraph prepared, bool isRandom) =>
        original.ProducerOf(output) is { Domain: "" } first && Saturating.Contains(first.OpType)
        && prepared.ProducerOf(output) is { } second && second.Is(first.OpType)
        && original.ProducerOf(first.Inputs[0]) is not null && prepared.ProducerOf(second.Inputs[0]) is not null
            ? new ComparedValue(output, first.Inputs[0], second.Inputs[0], isRandom)
            : new ComparedValue(output, output, output, isRandom);
}
