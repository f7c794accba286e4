using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>Scale and shift of every channel, <c>y = a·(x − μ) + β</c>: what BatchNormalization in inference and arithmetic with constants
/// are. In float64, so that a fold rounds once.</summary>
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

    /// <summary>a</summary>
    public IReadOnlyList<double> Factors => factors;

    public bool OnlyShifts => Array.TrueForAll(factors, factor => factor == 1);

    /// <summary>True when it does the same to every channel.</summary>
    public bool IsUniform => new[] { factors, means, offsets }.All(values => Array.TrueForAll(values, value => value == values[0]));

    public bool OnlyScales => Array.TrueForAll(offsets, offset => offset == 0) && Array.TrueForAll(means, mean => mean == 0);

    /// <summary>True when the normalization takes mean and variance from the batch: the attribute says so from opset 14 on, and before,
    /// it does whenever it has outputs for them, read or not.</summary>
    public static bool Trains(OnnxNode normalization) => normalization.GetInt("training_mode", 0) != 0 || normalization.Outputs.Count > 1;

    /// <summary>BatchNormalization: <c>a = γ/√(σ²+ε)</c>.</summary>
    /// <returns>Null when a parameter is not constant float32, the lengths differ, or a factor is not finite.</returns>
    public static ChannelAffine? OfNormalization(OnnxGraph graph, OnnxNode normalization)
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
        return Finite(factors, ToDoubles(parameters[2]), ToDoubles(parameters[1]));
    }

    /// <summary>The same line, <c>y = factor · x + offset</c>, for every channel.</summary>
    public static ChannelAffine Uniform(double factor, double offset, int channels) => new(
        [.. Enumerable.Repeat(factor, channels)], new double[channels], [.. Enumerable.Repeat(offset, channels)]);

    /// <param name="arithmetic">With a constant of one element, or of shape <c>[1, …, channels, 1, …]</c>.</param>
    /// <param name="axesBehind">How many axes the activation has behind that of its channels.</param>
    /// <returns>Null when the constant is of another shape, or a factor is not finite.</returns>
    public static ChannelAffine? OfArithmetic(ConstantArithmetic arithmetic, long channels, int axesBehind)
    {
        OnnxTensor constant = arithmetic.Constant;
        int axis = constant.Rank - 1 - axesBehind;
        if (constant.Length != 1 && (constant.Length != channels || axis < 0 || constant.Shape[axis] != channels))
            return null;
        var factors = new double[channels];
        var offsets = new double[channels];
        for (int i = 0; i < channels; i++)
            if (arithmetic.At(constant.Length == 1 ? 0 : i) is { } line)
                (factors[i], offsets[i]) = line;
            else
                return null;
        return Finite(factors, new double[channels], offsets);
    }

    /// <summary>This one first, then <paramref name="next"/>, as one.</summary>
    public ChannelAffine? Then(ChannelAffine next) => next.Length == Length
        ? Finite(
            [.. factors.Zip(next.factors, (first, second) => first * second)],
            means,
            [.. offsets.Select((offset, i) => (next.factors[i] * (offset - next.means[i])) + next.offsets[i])])
        : null;

    /// <summary>a · W, rounded once; <paramref name="channelOf"/> tells the channel of an index into W.</summary>
    public float[] Scale(ReadOnlySpan<float> weight, Func<long, long> channelOf)
    {
        var result = new float[weight.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)(factors[channelOf(i)] * weight[i]);
        return result;
    }

    /// <summary>a · (b − μ) + β for one channel.</summary>
    public double Apply(int channel, double b) => (factors[channel] * (b - means[channel])) + offsets[channel];

    /// <inheritdoc cref="Apply"/>
    /// <param name="bias">One per channel.</param>
    /// <returns>One per channel, each rounded once.</returns>
    public float[] Shift(ReadOnlySpan<double> bias)
    {
        var result = new float[Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)Apply(i, bias[i]);
        return result;
    }

    private static ChannelAffine? Finite(double[] factors, double[] means, double[] offsets) =>
        Array.TrueForAll(factors, double.IsFinite) && Array.TrueForAll(offsets, double.IsFinite)
            ? new ChannelAffine(factors, means, offsets)
            : null;

    private static double[] ToDoubles(OnnxTensor tensor) => [.. tensor.Floats.ToArray().Select(value => (double)value)];
}
