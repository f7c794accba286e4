using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Stores floats in the upper 16 bits of float32 (bfloat16) where these are enough.</summary>
internal static class BrainPrecision
{
    /// <summary>The relative error that float16 may have.</summary>
    private const double ErrorOfFloat16 = 1.0 / 2048;

    /// <summary>Eight bits leave 54 to 57 dB, whatever the range; less means that the values lie where they are rounded most.</summary>
    private const double LeastDecibels = 50;

    public static OnnxTensor Round(OnnxTensor tensor)
    {
        ReadOnlySpan<float> values = tensor.Floats;
        var rounded = new ushort[values.Length];
        for (int i = 0; i < rounded.Length; i++)
            rounded[i] = Bits(values[i]);
        return OnnxTensor.Create<ushort>(OnnxElementType.BFloat16, [.. tensor.Shape], rounded);
    }

    /// <param name="summed">True for the weights of a sum of products, where the error of a single value counts for little; otherwise every value
    /// must be as near as in float16.</param>
    /// <returns>Null when bfloat16 can hold the values; otherwise why not.</returns>
    public static string? WhyNot(ReadOnlySpan<float> values, bool summed)
    {
        double signal = 0;
        double noise = 0;
        foreach (float value in values)
        {
            float rounded = BitConverter.UInt32BitsToSingle((uint)Bits(value) << 16);
            if (!float.IsFinite(rounded))
                return "values beyond the range of bfloat16";
            double difference = (double)value - rounded;
            if (!summed && Math.Abs(difference) > Math.Abs(value) * ErrorOfFloat16)
                return "every value counts, and bfloat16 has 8 bits";
            signal += (double)value * value;
            noise += difference * difference;
        }
        return signal < noise * Math.Pow(10, LeastDecibels / 10) ? "bfloat16 has too few bits" : null;
    }

    /// <summary>To the nearest, of two to the even one.</summary>
    private static ushort Bits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
