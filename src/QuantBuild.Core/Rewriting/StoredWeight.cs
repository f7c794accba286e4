using QuantBuild.Onnx;
using QuantBuild.Reconstruction;

namespace QuantBuild.Rewriting;

/// <summary>Rounds a weight that is only stored in 8 bits and computed with in float: nothing can saturate, so every channel has all codes.</summary>
internal static class StoredWeight
{
    private const int CodeLimit = 127;

    /// <param name="axis">One scale per entry of this axis.</param>
    public static QuantizedWeight Quantize(OnnxTensor weight, int axis)
    {
        int channels = (int)weight.Shape[axis];
        int inner = (int)weight.Shape.Skip(axis + 1).Aggregate(1L, (product, dimension) => product * dimension);
        ReadOnlySpan<float> values = weight.Floats;
        var scales = new float[channels];
        for (int i = 0; i < values.Length; i++)
            scales[i / inner % channels] = Math.Max(scales[i / inner % channels], Math.Abs(values[i]));
        for (int channel = 0; channel < channels; channel++)
            scales[channel] = scales[channel] == 0 ? 1 : scales[channel] / CodeLimit;

        var codes = new sbyte[values.Length];
        for (int i = 0; i < values.Length; i++)
            codes[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / scales[i / inner % channels], MidpointRounding.ToEven), -CodeLimit, CodeLimit);
        return new QuantizedWeight(codes, scales);
    }
}
