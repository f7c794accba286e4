namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>One codebook for several layers whose weights are distributed alike.</summary>
internal static class CodebookSharing
{
    private const int BytesPerLevel = sizeof(float);

    /// <summary>
    /// Layers stand in a row by the shape of their distribution, and neighbours whose common codebook costs least are joined, while the weighted error
    /// of the layers together stays within its limit.
    /// </summary>
    /// <param name="layers">Weights in units of their scales, with what an error of each counts.</param>
    /// <param name="mostGrowth">By which part of the error with a codebook each the whole error may grow: 0.02.</param>
    /// <param name="leastBytes">Groups that save fewer bytes have a codebook for each layer after all.</param>
    /// <returns>Every layer is in one of them; ordered by their first layer.</returns>
    public static IReadOnlyList<SharedCodebook> Share(
        IReadOnlyList<WeightedPoints> layers, int entries, bool keepZero, bool wholeNumbers, double mostGrowth, long leastBytes)
    {
        SharedCodebook[] alone = [.. layers.Select((layer, i) => Fit([i], layer))];
        double allowed = mostGrowth * alone.Sum(group => group.Error);
        List<(SharedCodebook Group, WeightedPoints Points)> row =
            [.. Enumerable.Range(0, layers.Count).OrderBy(i => ShapeOf(layers[i])).ThenBy(i => i).Select(i => (alone[i], layers[i]))];
        List<(SharedCodebook Group, WeightedPoints Points)?> joined = [.. Enumerable.Range(0, Math.Max(0, row.Count - 1)).Select(_ => ((SharedCodebook, WeightedPoints)?)null)];
        while (row.Count > 1)
        {
            for (int i = 0; i + 1 < row.Count; i++)
                joined[i] ??= Join(row[i], row[i + 1]);
            int best = Enumerable.Range(0, row.Count - 1).MinBy(GrowthOf);
            if (GrowthOf(best) > allowed)
                break;
            allowed -= GrowthOf(best);
            row[best] = joined[best]!.Value;
            row.RemoveAt(best + 1);
            joined.RemoveAt(best);
            if (best > 0)
                joined[best - 1] = null;
            if (best < joined.Count)
                joined[best] = null;
        }
        return [.. row.SelectMany(entry => Pays(entry.Group) ? [entry.Group] : entry.Group.Layers.Select(layer => alone[layer])).OrderBy(group => group.Layers[0])];

        double GrowthOf(int i) => joined[i]!.Value.Group.Error - row[i].Group.Error - row[i + 1].Group.Error;

        bool Pays(SharedCodebook group) => group.Layers.Count == 1 || (long)(group.Layers.Count - 1) * entries * BytesPerLevel >= leastBytes;

        SharedCodebook Fit(int[] members, WeightedPoints points)
        {
            float[] levels = KMeansCodebook.Fit(points, entries, keepZero, wholeNumbers);
            return new SharedCodebook(members, levels, points.ErrorOf(levels));
        }

        (SharedCodebook, WeightedPoints) Join((SharedCodebook Group, WeightedPoints Points) left, (SharedCodebook Group, WeightedPoints Points) right)
        {
            WeightedPoints points = WeightedPoints.Join(left.Points, right.Points);
            return (Fit([.. left.Group.Layers.Concat(right.Group.Layers).Order()], points), points);
        }
    }

    /// <summary>Mean magnitude over the root of the mean square: 1 for two values, 0.8 for a normal distribution, less for heavier tails.</summary>
    private static double ShapeOf(WeightedPoints points)
    {
        double weight = points.Weights.Sum();
        double magnitude = points.Values.Zip(points.Weights, (value, share) => Math.Abs(value) * share).Sum();
        double square = points.Values.Zip(points.Weights, (value, share) => value * value * share).Sum();
        return square > 0 ? magnitude / Math.Sqrt(weight * square) : 0;
    }
}

/// <param name="Layers">Ascending indices.</param>
/// <param name="Levels">Ascending.</param>
/// <param name="Error">Weighted, of all of the layers.</param>
internal sealed record SharedCodebook(IReadOnlyList<int> Layers, float[] Levels, double Error);
