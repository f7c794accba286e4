using System.Runtime.InteropServices;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Reconstruction;

namespace QuantBuild.Rewriting;

/// <summary>Rounds a weight that is only stored in 8 bits and computed with in float: nothing can saturate, so every channel has all codes.</summary>
internal static class StoredWeight
{
    /// <param name="axis">One scale per entry of this axis.</param>
    public static QuantizedWeight Quantize(OnnxTensor weight, int axis)
    {
        weight = weight.InMemory();
        ChannelLayout layout = ChannelLayout.Of([.. weight.Shape], axis);
        var ranges = new FloatRange[layout.ChannelCount];
        MinMaxKernel.ScanChannels(weight.Floats, ranges, layout);
        float[] scales =
        [
            .. ranges.Select(range => Math.Max(-range.Minimum, range.Maximum))
                .Select(largest => largest > 0 ? largest / CodeRange.Int8Narrow.Maximum : 1),
        ];

        var codes = new byte[weight.Length];
        QuantizeKernel.QuantizeChannelsToInt8(weight.Floats, MemoryMarshal.Cast<byte, sbyte>(codes.AsSpan()), scales, CodeRange.Int8Narrow, layout);
        return new QuantizedWeight(OnnxTensor.Wrap(OnnxElementType.Int8, [.. weight.Shape], codes), scales);
    }
}
