namespace QuantBuild.Evaluation.Metrics;

/// <summary>Harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN).</summary>
/// <remarks>
/// van Rijsbergen, Information Retrieval, 1979. With two classes that of class 1. With more the mean over all classes that occur among the labels or the
/// predictions (macro average, as scikit-learn's <c>f1_score</c> with <c>average='macro'</c>). The prediction is the largest value; without any, none.
/// </remarks>
internal sealed class F1 : ISummedMetric
{
    private const int TruePositive = 0;
    private const int FalsePositive = 1;
    private const int FalseNegative = 2;
    private const int Counts = 3;

    private int classes;

    public bool IsOneDecisionPerSample => true;

    public void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums)
    {
        ReadOnlySpan<float> values = outputs[0].Span;
        classes = values.Length;
        int label = ClassLabel.Of(sample.Targets[0], classes);
        int predicted = SampleMetrics.IndexOfLargest(values);
        if (predicted == label)
        {
            sums.Add((label * Counts) + TruePositive, 1);
            return;
        }
        sums.Add((label * Counts) + FalseNegative, 1);
        if (predicted >= 0)
            sums.Add((predicted * Counts) + FalsePositive, 1);
    }

    public double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums)
    {
        double total = 0;
        int occurring = 0;
        double ofClassOne = 0;
        bool any = false;
        for (int i = 0; i < keys.Length;)
        {
            long number = keys[i] / Counts;
            double hits = 0;
            double misses = 0;
            for (; i < keys.Length && keys[i] / Counts == number; i++)
                if (keys[i] % Counts == TruePositive)
                    hits += sums[i];
                else
                    misses += sums[i];
            if (hits + misses == 0)
                continue;
            any = true;
            double score = 2 * hits / ((2 * hits) + misses);
            total += score;
            occurring++;
            if (number == 1)
                ofClassOne = score;
        }
        return !any ? double.NaN : classes == 2 ? ofClassOne : total / occurring;
    }
}
