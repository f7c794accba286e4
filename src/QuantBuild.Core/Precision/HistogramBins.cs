using QuantBuild.Numerics;

namespace QuantBuild.Precision;

/// <summary>A histogram as densities over intervals, with the expected error of quantizing it.</summary>
internal sealed class HistogramBins
{
    private readonly double[] starts;
    private readonly double[] ends;
    private readonly double[] shares;

    private HistogramBins(double[] starts, double[] ends, double[] shares)
    {
        this.starts = starts;
        this.ends = ends;
        this.shares = shares;
    }

    /// <remarks>The outermost bins end at the smallest and the largest value. Exact zeros, as Relu makes them, are in the bin that starts at zero and cost
    /// nothing in any range; what that bin holds beyond its neighbours is taken for zeros and left out.</remarks>
    public static HistogramBins Of(StreamingHistogram histogram)
    {
        double width = Math.ScaleB(1, histogram.Exponent);
        int count = histogram.Counts.Length;
        var starts = new double[count];
        var ends = new double[count];
        var shares = new double[count];
        for (int i = 0; i < count; i++)
        {
            starts[i] = Math.Max((histogram.FirstBin + i) * width, histogram.Minimum);
            ends[i] = Math.Max(starts[i], Math.Min((histogram.FirstBin + i + 1) * width, histogram.Maximum));
            shares[i] = (double)(histogram.FirstBin + i == 0 ? CountWithoutZeros(histogram.Counts, i) : histogram.Counts[i]) / histogram.Total;
        }
        return new HistogramBins(starts, ends, shares);
    }

    /// <summary>Expected squared error when the range is cut into equal steps and everything beyond it saturates.</summary>
    /// <remarks>Zero has a code of its own, so that values within half a step of it are off by themselves: the many zeros that Relu makes cost
    /// next to nothing. Where the other codes lie is left open: a value between two is off by Δ²/12 in the mean.</remarks>
    public double SquaredError(double low, double high, int steps)
    {
        double step = (high - low) / steps;
        double rounding = step * step / 12;
        double error = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            if (shares[i] == 0)
                continue;
            double start = starts[i];
            double end = ends[i];
            if (start >= -step / 2 && end <= step / 2)
                error += shares[i] * MeanSquareFrom(start, end, 0);
            else if (end <= low || start >= high)
                error += shares[i] * MeanSquareFrom(start, end, end <= low ? low : high);
            else if (start >= low && end <= high)
                error += shares[i] * rounding;
            else
                error += shares[i] * Straddling(start, end, low, high, rounding);
        }
        return error;
    }

    private static long CountWithoutZeros(ReadOnlySpan<long> counts, int bin)
    {
        long below = bin > 0 ? counts[bin - 1] : 0;
        long above = bin + 1 < counts.Length ? counts[bin + 1] : 0;
        return Math.Min(counts[bin], Math.Max(below, above));
    }

    /// <summary>Mean of (x − point)² over an interval.</summary>
    private static double MeanSquareFrom(double start, double end, double point)
    {
        double a = start - point;
        double b = end - point;
        return ((a * a) + (a * b) + (b * b)) / 3;
    }

    private static double Straddling(double start, double end, double low, double high, double rounding)
    {
        double width = end - start;
        double error = 0;
        if (start < low)
            error += (low - start) / width * MeanSquareFrom(start, low, low);
        if (end > high)
            error += (end - high) / width * MeanSquareFrom(high, end, high);
        double inside = (Math.Min(end, high) - Math.Max(start, low)) / width;
        return error + (inside * rounding);
    }
}
