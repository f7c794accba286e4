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

    public static TensorRange Estimate(StreamingHistogram histogram)
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
