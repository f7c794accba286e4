namespace QuantBuild.Testing;

/// <summary>Spearman's: the correlation of ranks, 1 when two lists have the same order.</summary>
internal static class RankCorrelation
{
    public static double Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] a = Ranks(first);
        double[] b = Ranks(second);
        double mean = (a.Length - 1) / 2.0;
        double product = 0, left = 0, right = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (a[i] - mean) * (b[i] - mean);
            left += (a[i] - mean) * (a[i] - mean);
            right += (b[i] - mean) * (b[i] - mean);
        }
        return left > 0 && right > 0 ? product / Math.Sqrt(left * right) : 1;
    }

    /// <summary>Equal values share the mean of their ranks.</summary>
    private static double[] Ranks(IReadOnlyList<double> values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];
}
