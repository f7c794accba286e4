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

    /// <remarks>The outermost bins end at the smallest and the largest value. A bin of exact zeros, as Relu makes them, has no width: zero has
    /// a code of its own and costs nothing.</remarks>
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
            shares[i] = (double)histogram.Counts[i] / histogram.Total;
        }
        return new HistogramBins(starts, ends, shares);
    }

    /// <summary>Expected squared error when the range is cut into equal steps and everything beyond it saturates.</summary>
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
            if (end <= low || start >= high)
                error += shares[i] * BeyondEdge(start, end, end <= low ? low : high);
            else if (start >= low && end <= high)
                error += shares[i] * rounding;
            else
                error += shares[i] * Straddling(start, end, low, high, rounding);
        }
        return error;
    }

    /// <summary>Mean of (x − edge)² over an interval on one side of the edge.</summary>
    private static double BeyondEdge(double start, double end, double edge)
    {
        double a = start - edge;
        double b = end - edge;
        return ((a * a) + (a * b) + (b * b)) / 3;
    }

    private static double Straddling(double start, double end, double low, double high, double rounding)
    {
        double width = end - start;
        double error = 0;
        if (start < low)
            error += (low - start) / width * BeyondEdge(start, low, low);
        if (end > high)
            error += (end - high) / width * BeyondEdge(high, end, high);
        double inside = (Math.Min(end, high) - Math.Max(start, low)) / width;
        return error + (inside * rounding);
    }
}
