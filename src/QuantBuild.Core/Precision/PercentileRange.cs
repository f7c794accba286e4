using QuantBuild.Numerics;

namespace QuantBuild.Precision;

/// <summary>All but one value of 100,000: half of them are left out on each side, or all on the one side that there is.</summary>
/// <remarks>The share is the default of ONNX Runtime's percentile calibration. Values of a bin count as spread evenly over it.</remarks>
internal static class PercentileRange
{
    private const double LeftOut = 1e-5;

    public static TensorRange Estimate(StreamingHistogram histogram)
    {
        if (histogram.Total == 0)
            return new TensorRange(0, 0);
        if (histogram.Minimum >= 0)
            return new TensorRange(0, Quantile(histogram, 1 - LeftOut));
        if (histogram.Maximum <= 0)
            return new TensorRange(Quantile(histogram, LeftOut), 0);
        return new TensorRange(Quantile(histogram, LeftOut / 2), Quantile(histogram, 1 - (LeftOut / 2)));
    }

    /// <summary>The value with <paramref name="share"/> of all values below it.</summary>
    internal static float Quantile(StreamingHistogram histogram, double share)
    {
        double below = share * histogram.Total;
        double width = Math.ScaleB(1, histogram.Exponent);
        for (int i = 0; i < histogram.Counts.Length; below -= histogram.Counts[i++])
        {
            if (histogram.Counts[i] == 0 || below > histogram.Counts[i])
                continue;
            double start = Math.Max((histogram.FirstBin + i) * width, histogram.Minimum);
            double end = Math.Min((histogram.FirstBin + i + 1) * width, histogram.Maximum);
            return (float)(start + (below / histogram.Counts[i] * (end - start)));
        }
        return histogram.Maximum;
    }
}
