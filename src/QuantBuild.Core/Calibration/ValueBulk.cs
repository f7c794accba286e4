using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>Where most values of an activation lie. Unlike the extremes, which one sample decides, it moves only when many samples do.</summary>
internal static class ValueBulk
{
    /// <summary>Share of the values on either side that is left out. Over samples drawn from one distribution, even of very different sizes, the rest
    /// stays within a few per cent.</summary>
    private const double Tail = 0.05;

    /// <summary>A range is compared with that of the first batches: of three quarters of all.</summary>
    /// <returns>0 when there are too few batches to cut a quarter from.</returns>
    public static long EarlierBatches(long batches) => batches < 4 ? 0 : batches * 3 / 4;

    /// <returns>Empty when there were no values.</returns>
    public static FloatRange Of(StreamingHistogram histogram)
    {
        if (histogram.Total == 0)
            return FloatRange.Empty;
        long tail = (long)(histogram.Total * Tail);
        ReadOnlySpan<long> counts = histogram.Counts;
        int first = 0;
        for (long below = counts[0]; below <= tail; below += counts[first])
            first++;
        int last = counts.Length - 1;
        for (long above = counts[last]; above <= tail; above += counts[last])
            last--;
        double low = Math.ScaleB((double)(histogram.FirstBin + first), histogram.Exponent);
        double high = Math.ScaleB((double)(histogram.FirstBin + last + 1), histogram.Exponent);
        return new FloatRange(Math.Max((float)low, histogram.Minimum), Math.Min((float)high, histogram.Maximum), HasNaN: false);
    }
}
