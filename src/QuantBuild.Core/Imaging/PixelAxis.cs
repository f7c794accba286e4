namespace QuantBuild.Imaging;

// The class below is also written into generated classes: C# 7.3, netstandard2.0, names from the root.

/// <summary>
/// Which pixels of a row or column every new pixel is made of, and with which weights: Pillow's resampling (Resample.c), computed in
/// double precision and rounded to whole multiples of 2⁻²², so that what follows is exact.
/// </summary>
internal sealed class PixelAxis
{
    /// <summary>Bits behind the point of a weight.</summary>
    public const int WeightBits = 22;

    /// <summary>Per new pixel, the first pixel that it is made of.</summary>
    public readonly int[] Starts;

    /// <summary>Per new pixel, how many pixels it is made of.</summary>
    public readonly int[] Counts;

    /// <summary>[new pixels, <see cref="MostCount"/>]</summary>
    public readonly int[] Weights;

    public readonly int MostCount;

    /// <param name="oldLength">Pixels before.</param>
    /// <param name="newLength">Pixels after.</param>
    /// <param name="first">The first of the new pixels that are wanted.</param>
    /// <param name="count">The number of new pixels that are wanted.</param>
    /// <param name="filterRadius">0 nearest pixel, 1 bilinear, 2 bicubic.</param>
    public PixelAxis(int oldLength, int newLength, int first, int count, int filterRadius)
    {
        Starts = new int[count];
        Counts = new int[count];
        if (filterRadius == 0 || oldLength == newLength)
        {
            MostCount = 1;
            Weights = new int[count];
            FindNearest(oldLength, newLength, first);
            return;
        }
        double scale = (double)oldLength / newLength;
        double filterScale = global::System.Math.Max(scale, 1.0);
        double support = filterRadius * filterScale;
        MostCount = ((int)global::System.Math.Ceiling(support) * 2) + 1;
        Weights = new int[checked(count * MostCount)];
        double[] weights = new double[MostCount];
        for (int i = 0; i < count; i++)
        {
            double center = (first + i + 0.5) * scale;
            int start = global::System.Math.Max((int)(center - support + 0.5), 0);
            int taps = global::System.Math.Min((int)(center + support + 0.5), oldLength) - start;
            Starts[i] = start;
            Counts[i] = taps;
            SetWeights(weights, taps, start - center, 1.0 / filterScale, filterRadius, i * MostCount);
        }
    }

    /// <summary>Whether every new pixel is one of the old.</summary>
    public bool IsCopy
    {
        get { return MostCount == 1; }
    }

    /// <summary>Steps are summed up as Pillow sums them up, so that the same pixels are chosen.</summary>
    private void FindNearest(int oldLength, int newLength, int first)
    {
        double step = (double)oldLength / newLength;
        double position = step * 0.5;
        for (int i = -first; i < Starts.Length; i++, position += step)
        {
            if (i < 0)
            {
                continue;
            }
            Starts[i] = global::System.Math.Min((int)position, oldLength - 1);
            Counts[i] = 1;
            Weights[i] = 1 << WeightBits;
        }
    }

    private void SetWeights(double[] weights, int taps, double distance, double step, int filterRadius, int target)
    {
        double sum = 0.0;
        for (int tap = 0; tap < taps; tap++)
        {
            weights[tap] = Filter((distance + tap + 0.5) * step, filterRadius);
            sum += weights[tap];
        }
        for (int tap = 0; tap < taps; tap++)
        {
            double weight = (sum != 0.0 ? weights[tap] / sum : weights[tap]) * (1 << WeightBits);
            Weights[target + tap] = (int)(weight < 0.0 ? weight - 0.5 : weight + 0.5);
        }
    }

    /// <summary>A triangle, or the cubic convolution with a = −0.5.</summary>
    private static double Filter(double x, int filterRadius)
    {
        x = global::System.Math.Abs(x);
        if (filterRadius == 1)
        {
            return x < 1.0 ? 1.0 - x : 0.0;
        }
        if (x < 1.0)
        {
            return ((((-0.5 + 2.0) * x) - (-0.5 + 3.0)) * x * x) + 1.0;
        }
        return x < 2.0 ? ((((((x - 5.0) * x) + 8.0) * x) - 4.0) * -0.5) : 0.0;
    }
}
