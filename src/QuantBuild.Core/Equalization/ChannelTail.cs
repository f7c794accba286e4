namespace QuantBuild.Equalization;

/// <summary>Of the values of one channel: the mean square of what lies beyond a bound, which is the error of cutting there.</summary>
/// <param name="low">Smallest value.</param>
/// <param name="high">Largest value.</param>
internal sealed class ChannelTail(float low, float high)
{
    private const int Bins = 64;

    private readonly double width = ((double)high - low) / Bins;
    private readonly double perWidth = high > low ? Bins / ((double)high - low) : 0;
    private readonly (double Count, double Sum, double Square)[] bins = new (double, double, double)[Bins];
    private readonly double[] above = new double[Bins + 1];
    private readonly double[] below = new double[Bins + 1];

    public void Add(float value)
    {
        double distance = (double)value - low;
        ref (double Count, double Sum, double Square) bin = ref bins[Math.Clamp((int)(distance * perWidth), 0, Bins - 1)];
        bin.Count++;
        bin.Sum += distance;
        bin.Square += distance * distance;
    }

    /// <summary>Has to follow the last value.</summary>
    public void Complete()
    {
        double total = bins.Sum(bin => bin.Count);
        for (int edge = 0; edge <= Bins; edge++)
        {
            double bound = edge * width;
            for (int bin = 0; bin < Bins; bin++)
                (bin < edge ? below : above)[edge] += (bins[bin].Square - (2 * bound * bins[bin].Sum) + (bound * bound * bins[bin].Count)) / total;
        }
    }

    /// <summary>E[max(0, x − bound)²]; between two edges of bins along a line.</summary>
    public double Above(double bound) => bound >= high ? 0 : At(above, bound);

    /// <summary>E[max(0, bound − x)²]</summary>
    public double Below(double bound) => bound <= low ? 0 : At(below, bound);

    private double At(double[] table, double bound)
    {
        double position = Math.Clamp((bound - low) * perWidth, 0, Bins);
        int edge = Math.Min((int)position, Bins - 1);
        return table[edge] + ((position - edge) * (table[edge + 1] - table[edge]));
    }
}
