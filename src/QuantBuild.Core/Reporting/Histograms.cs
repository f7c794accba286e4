using QuantBuild.Numerics;

namespace QuantBuild.Reporting;

/// <summary>Makes the coarse histograms of a report.</summary>
internal static class Histograms
{
    public const int MostBins = 64;

    /// <summary>Activations, and weights, that have a histogram: those of most values. Others would make the report of a large model a burden.</summary>
    public const int MostTensors = 200;

    /// <summary>Neighbouring bins put together, from the first to the last that has values.</summary>
    /// <returns>Null when nothing was seen.</returns>
    public static HistogramReport? Of(StreamingHistogram seen)
    {
        ReadOnlySpan<long> bins = seen.Counts;
        int first = bins.IndexOfAnyExcept(0);
        if (first < 0)
            return null;
        int last = bins.LastIndexOfAnyExcept(0);
        int group = (last - first + MostBins) / MostBins;
        var counts = new long[(last - first + group) / group];
        for (int i = first; i <= last; i++)
            counts[(i - first) / group] += bins[i];
        return new HistogramReport(End(seen, first), End(seen, first + ((long)counts.Length * group)), counts);
    }

    /// <summary>Counts of two tensors in the same bins.</summary>
    /// <param name="first">Finite.</param>
    /// <param name="second">Finite.</param>
    /// <param name="everyNth">Of the tensors, to make these values; 1: they are all.</param>
    public static (HistogramReport First, HistogramReport Second) Of(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int everyNth)
    {
        FloatRange range = MinMaxKernel.Scan(first).Union(MinMaxKernel.Scan(second));
        (float low, float high) = (range.Minimum, range.Maximum);
        int? marked = everyNth > 1 ? everyNth : null;
        return low < high
            ? (new HistogramReport(low, high, Count(first, low, high), marked), new HistogramReport(low, high, Count(second, low, high), marked))
            : (new HistogramReport(low, low, [first.Length], marked), new HistogramReport(low, low, [second.Length], marked));
    }

    private static long[] Count(ReadOnlySpan<float> values, float low, float high)
    {
        var counts = new long[MostBins];
        double perValue = MostBins / ((double)high - low);
        foreach (float value in values)
            counts[Math.Min(MostBins - 1, (int)((value - (double)low) * perValue))]++;
        return counts;
    }

    /// <summary>The lower end of a bin; what floats cannot hold is the largest of them.</summary>
    private static float End(StreamingHistogram seen, long bin) =>
        (float)Math.Clamp(Math.ScaleB(seen.FirstBin + bin, seen.Exponent), float.MinValue, float.MaxValue);
}
