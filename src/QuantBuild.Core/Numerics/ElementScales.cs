using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>The scale that a vector of elements has.</summary>
internal interface IScale<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    /// <param name="position">Of the vector's first element.</param>
    TVector At(int position);
}

/// <summary>The same for all elements.</summary>
internal readonly struct OneScale<TVector>(float scale) : IScale<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private readonly TVector scale = TVector.Create(scale);

    public TVector At(int position) => scale;
}

/// <summary>One for each element.</summary>
/// <param name="scales">[elements]</param>
internal readonly ref struct OwnScales<TVector>(ReadOnlySpan<float> scales) : IScale<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private readonly ref float scales = ref MemoryMarshal.GetReference(scales);

    public TVector At(int position) => TVector.Load(ref scales, position);
}

/// <summary>Writes the scale of each element of a tensor beside it, chunk by chunk, so that vectors go over channels however short their runs are.</summary>
/// <param name="scales">[channels]</param>
/// <param name="buffer">[<see cref="BufferLength"/>]</param>
internal ref struct ElementScales(ReadOnlySpan<float> scales, ChannelLayout layout, Span<float> buffer)
{
    public const int BufferLength = 2048;

    /// <summary>Runs from this length on are quantized one by one with one scale: their tails, shorter than four of the widest vectors, are few.</summary>
    private const int LongRun = 512;

    private readonly ReadOnlySpan<float> scales = scales;
    private readonly Span<float> buffer = buffer;
    private readonly long period = (long)layout.ChannelCount * layout.InnerSize;
    private bool isFilled;

    /// <summary>Whether the runs of a layout are too short to be taken one by one.</summary>
    public static bool Serves(ChannelLayout layout) => Vector128.IsHardwareAccelerated && layout.InnerSize is > 0 and < LongRun;

    /// <summary>Elements from one position to the next one asked for; whole periods when the buffer holds one, so that it is filled once.</summary>
    public readonly int ChunkLength => (int)(period <= BufferLength ? BufferLength / period * period : BufferLength);

    /// <param name="position">A multiple of <see cref="ChunkLength"/>.</param>
    /// <param name="length">At most <see cref="ChunkLength"/>.</param>
    public ReadOnlySpan<float> At(int position, int length)
    {
        if (!isFilled)
            Fill(position);
        isFilled = period <= BufferLength;
        return buffer[..length];
    }

    private readonly void Fill(int position)
    {
        Span<float> rest = buffer[..ChunkLength];
        int channel = position / layout.InnerSize % layout.ChannelCount;
        int offset = position % layout.InnerSize;
        while (rest.Length > 0)
        {
            int count;
            if (layout.InnerSize == 1)
            {
                count = Math.Min(rest.Length, scales.Length - channel);
                scales.Slice(channel, count).CopyTo(rest);
                channel = 0;
            }
            else
            {
                count = Math.Min(rest.Length, layout.InnerSize - offset);
                rest[..count].Fill(scales[channel]);
                channel = channel + 1 == scales.Length ? 0 : channel + 1;
                offset = 0;
            }

            rest = rest[count..];
        }
    }
}
