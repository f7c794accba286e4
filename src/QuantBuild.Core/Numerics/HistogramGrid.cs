namespace QuantBuild.Numerics;

/// <summary>Where the bins of a histogram lie: the bin b holds [b · 2^exponent, (b + 1) · 2^exponent), and the first bin kept is <paramref name="FirstBin"/>.</summary>
/// <remarks>
/// The grid is a function of the smallest and the largest value alone: <see cref="Exponent"/> is the smallest e, not below the two bounds
/// of <see cref="SmallestExponent"/>, for which floor(max / 2^e) − floor(min / 2^e) &lt; <see cref="BinCount"/>.
/// <list type="bullet">
/// <item>It never becomes finer when values are added: for every e the difference of the floors can only grow with the range, and the
/// bounds grow with the magnitude.</item>
/// <item>Coarsening loses nothing: floor(floor(x / 2^e) / 2^m) = floor(x / 2^(e+m)), so merged bins hold what they would have held
/// had the coarser grid been there from the start.</item>
/// </list>
/// Hence a histogram that always uses the grid of what it has seen depends on the multiset of values and on nothing else.
/// </remarks>
internal readonly record struct HistogramGrid(int Exponent, long FirstBin)
{
    public const int BinCount = 2048;

    /// <summary>2^126 is the largest factor whose inverse is a normal float, so that scaling by it is exact. A grid finer than the smallest
    /// normal float would serve no scale.</summary>
    private const int FinestExponent = -126;

    /// <summary>A float has 24 significant bits: bins finer than 2^-24 of the largest value would hold single values. With this bound
    /// every bin number is below 2^25 and exact in float.</summary>
    private const int SignificantBits = 24;

    /// <param name="minimum">Finite, at most <paramref name="maximum"/>.</param>
    public static HistogramGrid Of(float minimum, float maximum)
    {
        int exponent = SmallestExponent(Math.Max(Math.Abs(minimum), Math.Abs(maximum)));
        while (BinOf(maximum, exponent) - BinOf(minimum, exponent) >= BinCount)
            exponent++;
        return new HistogramGrid(exponent, BinOf(minimum, exponent));
    }

    /// <summary>Exact: a double holds every float times every power of two in question.</summary>
    public static long BinOf(float value, int exponent) => (long)Math.Floor(Math.ScaleB((double)value, -exponent));

    private static int SmallestExponent(float magnitude) =>
        magnitude == 0 ? FinestExponent : Math.Max(FinestExponent, Math.ILogB(magnitude) - SignificantBits);
}
