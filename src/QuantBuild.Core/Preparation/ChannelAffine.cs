using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>BatchNormalization in inference as what it is: <c>y = a·x + c</c> per channel, with <c>a = γ/√(σ²+ε)</c> and
/// <c>c = β − a·μ</c>.</summary>
internal sealed class ChannelAffine
{
    /// <summary>The standard's default of the attribute epsilon.</summary>
    private const float DefaultEpsilon = 1e-5f;

    private readonly double[] factors;
    private readonly double[] means;
    private readonly double[] offsets;

    private ChannelAffine(double[] factors, double[] means, double[] offsets)
    {
        this.factors = factors;
        this.means = means;
        this.offsets = offsets;
    }

    /// <summary>Number of channels.</summary>
    public int Length => factors.Length;

    /// <summary>Why the normalization behind a linear node cannot become part of it; null when nothing forbids it.</summary>
    public static string? WhyNot(OnnxGraph graph, OnnxNode normalization, OnnxNode linear)
    {
        string between = normalization.Inputs[0];
        if (graph.IsOutput(between))
            return $"the output of {linear} is an output of the model";
        if (graph.ConsumersOf(between).Count > 1)
            return $"the output of {linear} has other readers";
        if (normalization.GetInt("training_mode", 0) != 0)
            return "it is in training mode";
        return normalization.Outputs.Skip(1).Any(output => graph.IsOutput(output) || graph.ConsumersOf(output).Count > 0)
            ? "its statistics are read"
            : null;
    }

    /// <returns>Null when a parameter is not constant float32, the lengths differ, or a factor is not finite.</returns>
    public static ChannelAffine? Read(OnnxGraph graph, OnnxNode normalization)
    {
        var parameters = new OnnxTensor[4];
        for (int i = 0; i < parameters.Length; i++)
            if (graph.InitializerOf(normalization.Input(i + 1)) is { ElementType: OnnxElementType.Float } tensor
                && (i == 0 || tensor.Length == parameters[0].Length))
                parameters[i] = tensor;
            else
                return null;

        double epsilon = normalization.GetFloat("epsilon", DefaultEpsilon);
        int channels = (int)parameters[0].Length;
        var factors = new double[channels];
        for (int i = 0; i < channels; i++)
            factors[i] = parameters[0].Floats[i] / Math.Sqrt(parameters[3].Floats[i] + epsilon);
        return Array.TrueForAll(factors, double.IsFinite)
            ? new ChannelAffine(factors, ToDoubles(parameters[2]), ToDoubles(parameters[1]))
            : null;
    }

    /// <summary>a · W, rounded once; <paramref name="channelOf"/> tells the channel of an index into W.</summary>
    public float[] Scale(ReadOnlySpan<float> weight, Func<long, long> channelOf)
    {
        var result = new float[weight.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)(factors[channelOf(i)] * weight[i]);
        return result;
    }

    /// <summary>a · (b − μ) + β, rounded once; an empty <paramref name="bias"/> is zero.</summary>
    public float[] Shift(ReadOnlySpan<double> bias)
    {
        var result = new float[Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)((factors[i] * ((bias.IsEmpty ? 0 : bias[i]) - means[i])) + offsets[i]);
        return result;
    }

    /// <inheritdoc cref="Shift(ReadOnlySpan{double})"/>
    public float[] Shift(ReadOnlySpan<float> bias)
    {
        var widened = new double[bias.Length];
        for (int i = 0; i < widened.Length; i++)
            widened[i] = bias[i];
        return Shift(widened);
    }

    private static double[] ToDoubles(OnnxTensor tensor) => [.. tensor.Floats.ToArray().Select(value => (double)value)];
}
