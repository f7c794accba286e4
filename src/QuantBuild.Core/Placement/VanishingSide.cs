using System.Globalization;
using QuantBuild.Numerics;
using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>
/// Scores of a detector, which are far below zero where nothing is and just above it where something is:
/// <code>
/// −1000 ├──────────────────────────────────────────┼┤ 3        one step is 4, and all findings have the code of zero
/// </code>
/// Their sign decides. It matters where a layer gives them to the caller, moved or made probabilities on the way; a layer that reads them
/// as features weighs them by their size.
/// </summary>
internal static class VanishingSide
{
    /// <summary>With fewer the smaller side keeps less than 5 bits.</summary>
    private const int FewestCodes = 32;

    private const int Steps = 255;

    private static readonly HashSet<string> OnTheWay = new(StringComparer.Ordinal)
    {
        "Concat", "Flatten", "Identity", "Reshape", "Sigmoid", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze",
    };

    /// <returns>Null when the node gives the caller nothing, or nothing with two such sides.</returns>
    public static string? WhyNot(PlannedNode node, OnnxGraph graph, IReadOnlyDictionary<string, StreamingHistogram> seen)
    {
        if (node.Weight is null || !node.QuantizesOutput || !LeadsToOutput(node.Output, graph))
            return null;
        StreamingHistogram histogram = seen[node.Output];
        if (histogram.Total == 0 || histogram.Minimum >= 0 || histogram.Maximum <= 0)
            return null;
        double step = ((double)histogram.Maximum - histogram.Minimum) / Steps;
        double codes = Math.Ceiling(Math.Min(histogram.Maximum, -histogram.Minimum) / step);
        string side = histogram.Maximum < -histogram.Minimum ? "above" : "below";
        return codes < FewestCodes
            ? string.Create(CultureInfo.InvariantCulture, $"it gives the model's output values of both signs, and one scale would leave those {side} zero {codes} of 256 codes")
            : null;
    }

    private static bool LeadsToOutput(string value, OnnxGraph graph) => graph.IsOutput(value)
        || graph.ConsumersOf(value).Any(reader => reader.Domain.Length == 0 && OnTheWay.Contains(reader.OpType)
            && reader.Outputs.Any(output => LeadsToOutput(output, graph)));
}
