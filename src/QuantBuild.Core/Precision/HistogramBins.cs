using QuantBuild.Numerics;

namespace QuantBuild.Precision;

/// <summary>A histogram as densities over intervals, with the expected error of quantizing it.</summary>
internal sealed class HistogramBins
{
    /// <summary>Steps between the codes of an 8-bit tensor.</summary>
    private const int CodeSteps = 255;

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

    /// <summary>Of the values, without the exact zeros.</summary>
    public double MeanSquare => Enumerable.Range(0, shares.Length).Sum(i => shares[i] * MeanSquareFrom(starts[i], ends[i], 0));

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

    /// <summary>Expected squared error of quantizing with these parameters, for values spread evenly over each bin.</summary>
    /// <remarks>
    /// Codes are the multiples of the step from lowest to highest. With r = x − Δ · round(x / Δ), the integral of r² from 0 to x is
    /// Δ³/12 · round(x / Δ) + r³/3. That tells values on codes from values between them, as images have, where a step is wider than a bin.
    /// </remarks>
    public double SquaredError(QuantizationParameters parameters)
    {
        double step = parameters.Scale;
        double low = -parameters.ZeroPoint * step;
        double high = low + (CodeSteps * step);
        double error = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            if (shares[i] == 0)
                continue;
            double start = starts[i];
            double end = ends[i];
            double width = end - start;
            if (end <= low || start >= high)
                error += shares[i] * MeanSquareFrom(start, end, end <= low ? low : high);
            else if (width == 0)
                error += shares[i] * Square(start - (Math.Round(start / step) * step));
            else if (start >= low && end <= high)
                error += shares[i] * (RoundingIntegral(end, step) - RoundingIntegral(start, step)) / width;
            else
                error += shares[i] * (Beyond(start, end, low, high) + RoundingIntegral(Math.Min(end, high), step) - RoundingIntegral(Math.Max(start, low), step)) / width;
        }
        return error;
    }

    private static double RoundingIntegral(double value, double step)
    {
        double code = Math.Round(value / step);
        double rest = value - (code * step);
        return (code * step * step * step / 12) + (rest * rest * rest / 3);
    }

    /// <summary>Integral of the squared distance to the range over the parts of the interval on either side of it.</summary>
    private static double Beyond(double start, double end, double low, double high) =>
        (Cube(Math.Max(low - start, 0)) + Cube(Math.Max(end - high, 0))) / 3;

    private static double Square(double value) => value * value;

    private static double Cube(double value) => value * value * value;

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
        double inside = (Math.Min(end, high) - Math.Max(start, low)) / width;
        return (Beyond(start, end, low, high) / width) + (inside * rounding);
    }
}
