namespace QuantBuild.Evaluation.Metrics;

/// <summary>Area under the receiver operating characteristic: the chance that a sample of class 1 scores higher than one of class 0, ties counting half.</summary>
/// <remarks>
/// Hanley and McNeil, The meaning and use of the area under a ROC curve, 1982: the Mann-Whitney statistic Σ [s₁ &gt; s₀] + ½[s₁ = s₀] over n₁·n₀. The score is
/// the single output, or the second of two minus the first. Scores are counted in the bins of <see cref="OrderedBits"/>; scores in one bin count as
/// ties, so that the error is at most half the share of pairs that fall into one bin. Memory: two counts for every bin that occurs.
/// </remarks>
internal sealed class Auc : ISummedMetric
{
    public bool IsOneDecisionPerSample => true;

    public void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums)
    {
        ReadOnlySpan<float> values = outputs[0].Span;
        float score = values switch
        {
            [float only] => only,
            [float zero, float one] => one - zero,
            _ => throw new TargetException(outputs[0].Name, FormattableString.Invariant($"Auc takes an output of one or two values per sample, and it has {values.Length}")),
        };
        double label = sample.Targets[0].Span[0];
        if (label is not (0 or 1))
            throw new TargetException(sample.Targets[0].Name, FormattableString.Invariant($"Auc takes the labels 0 and 1, and there is {label}"));
        sums.Add(((long)OrderedBits.Of(score) << 1) | (long)label, 1);
    }

    public double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums)
    {
        double area = 0;
        double negatives = 0;
        double positives = 0;
        for (int i = 0; i < keys.Length;)
        {
            long bin = keys[i] >> 1;
            double zero = 0;
            double one = 0;
            for (; i < keys.Length && keys[i] >> 1 == bin; i++)
                if ((keys[i] & 1) == 0)
                    zero = sums[i];
                else
                    one = sums[i];
            area += one * (negatives + (zero / 2));
            negatives += zero;
            positives += one;
        }
        return negatives == 0 || positives == 0 ? double.NaN : area / (negatives * positives);
    }
}
