using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Smallest and largest value, NaN apart.</summary>
internal static class MinMaxKernel
{
    /// <summary>One step of the widest vectors: for less, setting them up and reducing them costs ten times the scan. Channels along the last
    /// axis come one value at a time.</summary>
    private const int ShortestForVectors = 32;

    public static FloatRange Scan(ReadOnlySpan<float> source)
    {
        if (source.Length < ShortestForVectors)
            return ScanScalar(source);
        if (Vector512.IsHardwareAccelerated)
            return ScanVectors<FloatVector512>(source);
        if (Vector256.IsHardwareAccelerated)
            return ScanVectors<FloatVector256>(source);
        if (Vector128.IsHardwareAccelerated)
            return ScanVectors<FloatVector128>(source);
        return ScanScalar(source);
    }

    /// <summary>The range of every channel.</summary>
    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="destination">[channels]</param>
    public static void ScanChannels(ReadOnlySpan<float> source, Span<FloatRange> destination, ChannelLayout layout)
    {
        layout.Check(source.Length, destination.Length);
        destination.Fill(FloatRange.Empty);
        for (int block = 0; block < layout.BlockCount; block++)
        {
            ref FloatRange range = ref destination[block % layout.ChannelCount];
            range = range.Union(Scan(source.Slice(block * layout.InnerSize, layout.InnerSize)));
        }
    }

    /// <summary>The reference.</summary>
    public static FloatRange ScanScalar(ReadOnlySpan<float> source)
    {
        float minimum = float.PositiveInfinity;
        float maximum = float.NegativeInfinity;
        bool hasNaN = false;
        foreach (float value in source)
        {
            minimum = value < minimum ? value : minimum;
            maximum = value > maximum ? value : maximum;
            hasNaN |= float.IsNaN(value);
        }

        // −0 equals +0, so which of the two a scan keeps would depend on its order; −0 + 0 = +0.
        return new FloatRange(minimum + 0f, maximum + 0f, hasNaN);
    }

    private static FloatRange ScanVectors<TVector>(ReadOnlySpan<float> source)
        where TVector : struct, IFloatVector<TVector>
    {
        ref float start = ref MemoryMarshal.GetReference(source);
        TVector nanMarks = TVector.Create(0f);
        TVector minimum0 = TVector.Create(float.PositiveInfinity);
        TVector maximum0 = TVector.Create(float.NegativeInfinity);
        TVector minimum1 = minimum0;
        TVector maximum1 = maximum0;
        int position = 0;
        for (; position <= source.Length - (2 * TVector.Count); position += 2 * TVector.Count)
        {
            TVector value0 = TVector.Load(ref start, position);
            TVector value1 = TVector.Load(ref start, position + TVector.Count);
            minimum0 = TVector.AtMost(value0, minimum0);
            minimum1 = TVector.AtMost(value1, minimum1);
            maximum0 = TVector.AtLeast(value0, maximum0);
            maximum1 = TVector.AtLeast(value1, maximum1);
            nanMarks = TVector.MarkNaN(TVector.MarkNaN(nanMarks, value0), value1);
        }

        Span<float> lanes = stackalloc float[4 * TVector.Count];
        ref float lane = ref MemoryMarshal.GetReference(lanes);
        TVector.Store(minimum0, ref lane, 0);
        TVector.Store(minimum1, ref lane, TVector.Count);
        TVector.Store(maximum0, ref lane, 2 * TVector.Count);
        TVector.Store(maximum1, ref lane, 3 * TVector.Count);
        FloatRange tail = ScanScalar(source[position..]);
        float minimum = ScanScalar(lanes[..(2 * TVector.Count)]).Minimum;
        float maximum = ScanScalar(lanes[(2 * TVector.Count)..]).Maximum;
        return tail.Union(new FloatRange(minimum, maximum, TVector.HasMarks(nanMarks)));
    }
}
