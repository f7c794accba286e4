using QuantBuild.Numerics;

namespace QuantBuild.Precision;

/// <summary>The range with the smallest expected squared error of 8-bit asymmetric quantization, searched on both sides.</summary>
/// <remarks>
/// For values spread evenly over a bin, a step Δ leaves Δ²/12 where values are rounded (less at zero, which is a code); a value beyond the range is off by its distance
/// from it. The mean of (x − edge)² over a bin [a, b] beyond the edge is ((b − edge)³ − (a − edge)³) / 3(b − a).
/// </remarks>
internal static class MeanSquaredErrorRange
{
    /// <summary>Steps between the codes of an 8-bit tensor.</summary>
    private const int Steps = 255;

    /// <summary>Each side is moved inward by such parts of the full width; then around the best by parts of that.</summary>
    private const int CoarseParts = 64;

    private const int FineParts = 8;

    /// <summary>Rounds of moving one side while the other is held.</summary>
    private const int Rounds = 3;

    /// <summary>Both sides of the best range are then scaled by so many parts per thousand, outward too: where the codes lie within the values decides up to
    /// 4.8 dB when these lie close to codes or half-way between them.</summary>
    private const int TunedParts = 12;

    private const int TunedStep = 3;

    /// <param name="fit">Gives the parameters that ship for a range; ranges are compared with those.</param>
    public static TensorRange Estimate(StreamingHistogram histogram, Func<TensorRange, QuantizationParameters> fit)
    {
        TensorRange searched = Search(histogram);
        if (histogram.Total == 0)
            return searched;
        var bins = HistogramBins.Of(histogram);
        TensorRange best = searched;
        double least = bins.SquaredError(fit(searched));
        foreach (TensorRange candidate in Tuned(searched).Prepend(MinMaxRange.Estimate(histogram)))
        {
            double error = bins.SquaredError(fit(candidate));
            if (error < least)
                (least, best) = (error, candidate);
        }
        return best;
    }

    private static IEnumerable<TensorRange> Tuned(TensorRange range)
    {
        for (int low = -TunedParts; low <= (range.Minimum < 0 ? TunedParts : -TunedParts); low += TunedStep)
            for (int high = -TunedParts; high <= (range.Maximum > 0 ? TunedParts : -TunedParts); high += TunedStep)
                yield return new TensorRange(range.Minimum * (1 + (low / 1000f)), range.Maximum * (1 + (high / 1000f)));
    }

    /// <summary>By the expectation for values spread evenly.</summary>
    internal static TensorRange Search(StreamingHistogram histogram)
    {
        var bins = HistogramBins.Of(histogram);
        double low = Math.Min(histogram.Minimum, 0);
        double high = Math.Max(histogram.Maximum, 0);
        double width = high - low;
        if (width == 0 || histogram.Total == 0)
            return new TensorRange((float)low, (float)high);

        double best = bins.SquaredError(low, high, Steps);
        foreach (double step in new[] { width / CoarseParts, width / CoarseParts / FineParts })
            for (int round = 0; round < Rounds; round++)
            {
                int reach = step == width / CoarseParts ? CoarseParts : FineParts;
                (double startLow, double startHigh) = (low, high);
                for (int move = -reach; move <= reach; move++)
                {
                    double candidate = startHigh + (move * step);
                    if (candidate >= 0 && candidate <= Math.Max(histogram.Maximum, 0) && candidate > low
                        && bins.SquaredError(low, candidate, Steps) is var error && error < best)
                        (best, high) = (error, candidate);
                }
                for (int move = -reach; move <= reach; move++)
                {
                    double candidate = startLow + (move * step);
                    if (candidate <= 0 && candidate >= Math.Min(histogram.Minimum, 0) && candidate < high
                        && bins.SquaredError(candidate, high, Steps) is var error && error < best)
                        (best, low) = (error, candidate);
                }
                if (low == startLow && high == startHigh)
                    break;
            }
        return new TensorRange((float)low, (float)high);
    }
}
