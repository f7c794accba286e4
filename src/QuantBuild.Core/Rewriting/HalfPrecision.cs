using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Stores floats in 16 bits where these can hold them.</summary>
internal static class HalfPrecision
{
    /// <summary>The smallest number that has all 11 bits.</summary>
    private const float SmallestNormal = 6.103515625e-5f;

    /// <summary>Eleven bits leave 73 to 78 dB; less means that many values are below <see cref="SmallestNormal"/>. A thousandth of the signal is
    /// still far below what eight bits leave.</summary>
    private const double LeastDecibels = 60;

    /// <summary>Why not, where bfloat16 may serve.</summary>
    public const string BeyondRange = "values beyond the range of float16";

    public static OnnxTensor Round(OnnxTensor tensor)
    {
        ReadOnlySpan<float> values = tensor.Floats;
        var halves = new Half[values.Length];
        for (int i = 0; i < halves.Length; i++)
            halves[i] = (Half)values[i];
        return OnnxTensor.Create<Half>(OnnxElementType.Float16, [.. tensor.Shape], halves);
    }

    /// <param name="summed">True for the weights of a sum of products, where a value that is tiny beside the others counts for little;
    /// otherwise every single value must keep its 11 bits.</param>
    /// <returns>Null when float16 can hold the values; otherwise why not.</returns>
    public static string? WhyNot(ReadOnlySpan<float> values, bool summed)
    {
        double signal = 0;
        double noise = 0;
        foreach (float value in values)
        {
            var rounded = (float)(Half)value;
            if (!float.IsFinite(rounded))
                return BeyondRange;
            if (!summed && rounded != value && Math.Abs(value) < SmallestNormal)
                return "values too small for float16";
            double difference = (double)value - rounded;
            signal += (double)value * value;
            noise += difference * difference;
        }
        return signal < noise * Math.Pow(10, LeastDecibels / 10) ? "values too small for float16" : null;
    }
}
