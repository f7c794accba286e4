using System.Runtime.InteropServices;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;

namespace QuantBuild.Rewriting;

/// <summary>Rounds a weight that is only stored in 8 bits and computed with in float: nothing can saturate, so every channel has all codes.</summary>
internal static class StoredWeight
{
    /// <summary>Far below any weight that matters, and above what divides to zero.</summary>
    private const float SmallestScale = 1e-35f;

    /// <param name="axes">One scale per position of these axes.</param>
    public static QuantizedWeight Quantize(OnnxTensor weight, ChannelAxes axes)
    {
        weight = weight.InMemory();
        ChannelLayout layout = ChannelLayout.Of(axes.MergedShape(weight.Shape), axes.First);
        var ranges = new FloatRange[layout.ChannelCount];
        MinMaxKernel.ScanChannels(weight.Floats, ranges, layout);
        float[] scales =
        [
            .. ranges.Select(range => Math.Max(-range.Minimum, range.Maximum))
                .Select(largest => largest > 0 ? Math.Max(largest / CodeRange.Int8Narrow.Maximum, SmallestScale) : 1),
        ];

        var codes = new byte[weight.Length];
        QuantizeKernel.QuantizeChannelsToInt8(weight.Floats, MemoryMarshal.Cast<byte, sbyte>(codes.AsSpan()), scales, CodeRange.Int8Narrow, layout);
        return new QuantizedWeight(OnnxTensor.Wrap(OnnxElementType.Int8, [.. weight.Shape], codes), scales);
    }

    /// <summary>Signal-to-noise ratio of the stored weight: the power of a channel over the power of its error, mean of the inverses over the channels
    /// that are not zero. What a channel gives is off by this share when its inputs are alike, whatever the size of its weights.</summary>
    /// <returns>Decibels; positive infinity when nothing is off.</returns>
    public static double Decibels(OnnxTensor weight, QuantizedWeight stored, ChannelAxes axes)
    {
        ChannelLayout layout = ChannelLayout.Of(axes.MergedShape(weight.Shape), axes.First);
        var signal = new double[layout.ChannelCount];
        var noise = new double[layout.ChannelCount];
        ReadOnlySpan<float> values = weight.Floats;
        ReadOnlySpan<sbyte> codes = stored.Codes.Values<sbyte>();
        for (int block = 0, i = 0; block < layout.BlockCount; block++)
        {
            int channel = block % layout.ChannelCount;
            for (int end = i + layout.InnerSize; i < end; i++)
            {
                double difference = values[i] - ((double)codes[i] * stored.Scales[channel]);
                signal[channel] += (double)values[i] * values[i];
                noise[channel] += difference * difference;
            }
        }
        double[] shares = [.. signal.Zip(noise).Where(channel => channel.First > 0).Select(channel => channel.Second / channel.First)];
        return shares.Length == 0 ? double.PositiveInfinity : -10 * Math.Log10(shares.Average());
    }
}
