namespace QuantBuild.Evaluation.Metrics;

/// <summary>Sums of both models over all samples, and the spread of the difference of the metrics that follow from them.</summary>
/// <remarks>
/// Delete-a-group jackknife (Kott, The delete-a-group jackknife, 2001): sample i belongs to group i modulo 20. With θ₍ᵍ₎ the difference float minus
/// quantized without group g, of G groups, the variance is (G − 1)/G · Σ(θ₍ᵍ₎ − mean θ)², and the interval θ ± t·√variance with Student's t for G − 1 degrees
/// of freedom. Both models leave the same samples out, so that what they have in common cancels. Memory: the sums of 20 groups, as many as
/// the metric has keys, not samples.
/// </remarks>
internal sealed class JackknifeTally(ISummedMetric metric) : ITally<PairedSums>
{
    public const int GroupCount = 20;

    private readonly Dictionary<long, double>[] ofFloat = Groups();
    private readonly Dictionary<long, double>[] quantized = Groups();
    private long count;

    public MetricFigures Figures
    {
        get
        {
            (double all, double[] without) = Values(ofFloat);
            (double allOther, double[] withoutOther) = Values(quantized);
            double difference = all - allOther;
            double half = HalfInterval([.. without.Zip(withoutOther, (one, other) => one - other)]);
            if (metric.IsOneDecisionPerSample)
                half = Math.Max(half, PairedTally.LeastHalfInterval(count));
            return new MetricFigures(all, allOther, difference - half, difference + half, count);
        }
    }

    public void Add(PairedSums sample)
    {
        int group = (int)(count++ % GroupCount);
        AddTo(ofFloat[group], sample.Float);
        AddTo(quantized[group], sample.Quantized);
    }

    private static void AddTo(Dictionary<long, double> sums, SampleSums sample)
    {
        foreach ((long key, double value) in sample.Entries)
            sums[key] = sums.GetValueOrDefault(key) + value;
    }

    /// <summary>Where leaving a group out leaves nothing to measure, the samples are too few to tell anything.</summary>
    private static double HalfInterval(double[] differences)
    {
        if (differences.Length < 2 || Array.Exists(differences, double.IsNaN))
            return double.PositiveInfinity;
        double mean = differences.Average();
        double squares = differences.Sum(difference => (difference - mean) * (difference - mean));
        return StudentQuantile.Of(differences.Length - 1) * Math.Sqrt(squares * (differences.Length - 1) / differences.Length);
    }

    private (double All, double[] Without) Values(Dictionary<long, double>[] groups)
    {
        long[] keys = [.. groups.SelectMany(group => group.Keys).Distinct().Order()];
        double[] total = [.. keys.Select(key => groups.Sum(group => group.GetValueOrDefault(key)))];
        var rest = new double[total.Length];
        var without = new double[Math.Min(count, GroupCount)];
        for (int group = 0; group < without.Length; group++)
        {
            for (int i = 0; i < keys.Length; i++)
                rest[i] = total[i] - groups[group].GetValueOrDefault(keys[i]);
            without[group] = metric.Value(keys, rest);
        }
        return (metric.Value(keys, total), without);
    }

    private static Dictionary<long, double>[] Groups() => [.. Enumerable.Range(0, GroupCount).Select(_ => new Dictionary<long, double>())];
}
