namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>The levels of the least weighted squared error for given numbers: k-means on a line, whose optimum can be computed.</summary>
internal static class KMeansCodebook
{
    /// <summary>Products with codes of this magnitude saturate in no kernel that adds them in pairs.</summary>
    public const int WholeLimit = 64;

    /// <param name="entries">At least 1, with zero at least 2.</param>
    /// <param name="keepZero">True: zero is one of the levels.</param>
    /// <param name="wholeNumbers">True: the levels are whole numbers, −64 to 64.</param>
    /// <returns>Ascending, each once: fewer than <paramref name="entries"/> where that is enough. At least one.</returns>
    public static float[] Fit(WeightedPoints points, int entries, bool keepZero, bool wholeNumbers)
    {
        int wholeLimit = wholeNumbers ? WholeLimit : 0;
        if (!keepZero)
        {
            var partition = new LinePartition(points.Values, points.Weights, entries, zeroFirst: false, wholeLimit);
            return Levels(partition.CentersOf(entries));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(entries, 2);
        int negatives = points.Values.TakeWhile(value => value < 0).Count();
        double[] mirrored = [.. points.Values[..negatives].Reverse().Select(value => -value)];
        double[] mirroredWeights = [.. points.Weights[..negatives].Reverse()];
        var below = new LinePartition(mirrored, mirroredWeights, entries - 1, zeroFirst: true, wholeLimit);
        var above = new LinePartition(points.Values.AsSpan(negatives), points.Weights.AsSpan(negatives), entries - 1, zeroFirst: true, wholeLimit);
        int best = 0;
        for (int count = 1; count < entries; count++)
            if (ErrorWith(count) < ErrorWith(best))
                best = count;
        return Levels([.. below.CentersOf(best).Select(center => -center), 0, .. above.CentersOf(entries - 1 - best)]);

        double ErrorWith(int countBelow) => below.ErrorOf(countBelow) + above.ErrorOf(entries - 1 - countBelow);
    }

    private static float[] Levels(double[] centers) =>
        centers.Length == 0 ? [0] : [.. centers.Select(center => (float)center + 0f).Distinct().Order()];
}
