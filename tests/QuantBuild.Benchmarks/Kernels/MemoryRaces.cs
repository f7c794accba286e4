using QuantBuild.Numerics;

namespace QuantBuild.Benchmarks.Kernels;

/// <summary>Every kernel that goes once over its arrays, with arrays that no cache holds.</summary>
internal sealed class MemoryRaces
{
    /// <summary>256 MiB of floats.</summary>
    private const int Length = 1 << 26;

    private const float Scale = 0.03f;
    private const int ZeroPoint = 128;

    /// <summary>Images of 56 by 56, and vectors of 768.</summary>
    private static readonly ChannelLayout Images = ChannelLayout.Of([Length / (64 * 3136), 64, 3136], 1);
    private static readonly ChannelLayout Vectors = ChannelLayout.Of([Length / 768, 768], 1);

    private readonly float[] source = Repeat(ActivationValues.Make(isRectified: false));
    private readonly float[] rectified = Repeat(ActivationValues.Make(isRectified: true));
    private readonly float[] floats = new float[Length];
    private readonly byte[] codes = new byte[Length];
    private readonly sbyte[] signedCodes = new sbyte[Length];
    private readonly byte[] from = new byte[Length * sizeof(float)];
    private readonly byte[] to = new byte[Length * sizeof(float)];
    private readonly long[] counts = new long[HistogramGrid.BinCount];
    private readonly ChannelSum[] sums = new ChannelSum[Vectors.ChannelCount];
    private readonly float[] scales = [.. Enumerable.Range(0, Vectors.ChannelCount).Select(i => Scale + (i * 1e-5f))];

    public MemoryRaces()
    {
        // Memory that was never written is one page of zeros, which a cache holds.
        foreach (Array array in new Array[] { floats, codes, signedCodes, from, to })
            for (int i = 0; i < Buffer.ByteLength(array); i += 64)
                Buffer.SetByte(array, i, 1);
    }

    public IEnumerable<KernelRace> All
    {
        get
        {
            int floatBytes = sizeof(float);
            HistogramGrid grid = HistogramGrid.Of(source.Min(), source.Max());
            yield return Race("quantize", floatBytes + 1,
                () => QuantizeKernel.QuantizeToUInt8(source, codes, Scale, ZeroPoint, CodeRange.UInt8),
                () => QuantizeKernel.QuantizeScalar(source, codes, Scale, ZeroPoint, CodeRange.UInt8));
            yield return Race("dequantize", 1 + floatBytes,
                () => DequantizeKernel.DequantizeFromUInt8(codes, floats, Scale, ZeroPoint),
                () => DequantizeKernel.DequantizeScalar(codes, floats, Scale, ZeroPoint));
            yield return Race("fake-quantize", 2 * floatBytes,
                () => FakeQuantizeKernel.FakeQuantize(source, floats, Scale, ZeroPoint, CodeRange.UInt8),
                () => FakeQuantizeKernel.FakeQuantizeScalar(source, floats, Scale, ZeroPoint, CodeRange.UInt8));
            yield return Race("min/max", floatBytes, () => MinMaxKernel.Scan(source), () => MinMaxKernel.ScanScalar(source));
            yield return Race("histogram", floatBytes,
                () => HistogramKernel.Count(source, counts, grid), () => HistogramKernel.CountScalar(source, counts, grid));
            yield return Race("histogram, rectified", floatBytes,
                () => HistogramKernel.Count(rectified, counts, grid), () => HistogramKernel.CountScalar(rectified, counts, grid));
            yield return Race("squared error", 2 * floatBytes,
                () => SquaredErrorKernel.Sum(source, rectified), () => SquaredErrorKernel.SumScalar(source, rectified));
            foreach ((string name, ChannelLayout layout) in new[] { ("images", Images), ("vectors", Vectors) })
            {
                int used = layout.BlockCount * layout.InnerSize;
                yield return Race($"per-channel sums, {name}", floatBytes,
                    () => ChannelSumsKernel.Add(source.AsSpan(0, used), sums.AsSpan(0, layout.ChannelCount), layout),
                    () => ChannelSumsKernel.AddScalar(source.AsSpan(0, used), sums.AsSpan(0, layout.ChannelCount), layout));
                yield return Race($"int8 packing, {name}", floatBytes + 1,
                    () => QuantizeKernel.QuantizeChannelsToInt8(
                        source.AsSpan(0, used), signedCodes.AsSpan(0, used), scales.AsSpan(0, layout.ChannelCount), CodeRange.Int8, layout),
                    () => QuantizeKernel.QuantizeChannelsScalar(
                        source.AsSpan(0, used), signedCodes.AsSpan(0, used), scales.AsSpan(0, layout.ChannelCount), CodeRange.Int8, layout));
            }
        }
    }

    private KernelRace Race(string name, int bytesPerElement, Action kernel, Action scalar)
    {
        long bytes = (long)bytesPerElement * Length;
        return new KernelRace(name, bytes, kernel, () => from.AsSpan(0, (int)(bytes / 2)).CopyTo(to), scalar);
    }

    private static float[] Repeat(float[] values)
    {
        float[] repeated = new float[Length];
        for (int i = 0; i < Length; i += values.Length)
            values.CopyTo(repeated, i);
        return repeated;
    }
}
