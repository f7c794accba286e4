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

    /// <summary>Each side is moved inward by such parts of its own width; then around the best by parts of that.</summary>
    private const int CoarseParts = 64;

    private const int FineParts = 8;

    /// <summary>Rounds of moving one side while the other is held.</summary>
    private const int Rounds = 3;

    /// <summary>The best range is then scaled by so many parts per thousand, outward too, and shifted by so many codes: where the codes lie within the
    /// values decides up to 4.8 dB when these lie close to codes or half-way between them.</summary>
    private const int TunedParts = 24;

    private const int TunedStep = 4;

    private const int TunedShift = 2;

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
        int shifts = range.Minimum < 0 && range.Maximum > 0 ? TunedShift : 0;
        for (int shift = -shifts; shift <= shifts; shift++)
            for (int part = -TunedParts; part <= TunedParts; part += TunedStep)
            {
                float factor = 1 + (part / 1000f);
                float distance = shift == 0 ? 0 : shift * ((range.Maximum / Steps) - (range.Minimum / Steps));
                yield return new TensorRange(factor * (range.Minimum + distance), factor * (range.Maximum + distance));
            }
    }

    /// <summary>By the expectation for values spread evenly.</summary>
    internal static TensorRange Search(StreamingHistogram histogram)
    {
        var bins = HistogramBins.Of(histogram);
        double low = Math.Min(histogram.Minimum, 0);
        double high = Math.Max(histogram.Maximum, 0);
        if (low == high || histogram.Total == 0)
            return new TensorRange((float)low, (float)high);

        (double least, double most) = (low, high);
        double best = bins.SquaredError(low, high, Steps);
        foreach ((int parts, int reach) in new[] { (CoarseParts, CoarseParts), (CoarseParts * FineParts, FineParts) })
            for (int round = 0; round < Rounds; round++)
            {
                (double startLow, double startHigh) = (low, high);
                for (int move = -reach; move <= reach; move++)
                    Try(low, startHigh + (move * most / parts));
                for (int move = -reach; move <= reach; move++)
                    Try(startLow + (move * least / parts), high);
                if (low == startLow && high == startHigh)
                    break;
            }
        return new TensorRange((float)low, (float)high);

        void Try(double candidateLow, double candidateHigh)
        {
            if (candidateLow < least || candidateLow > 0 || candidateHigh > most || candidateHigh < 0 || candidateLow == candidateHigh
                || (candidateLow == low && candidateHigh == high))
                return;
            double error = bins.SquaredError(candidateLow, candidateHigh, Steps);
            if (error < best)
                (best, low, high) = (error, candidateLow, candidateHigh);
        }
    }
}
