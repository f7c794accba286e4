namespace QuantBuild.Evaluation.Metrics;

/// <summary>A metric that every sample has by itself; that of the model is the mean.</summary>
internal interface ISampleMetric
{
    /// <summary>True when a sample that is one decision scores 1 or 0.</summary>
    bool IsRightOrWrong { get; }

    /// <param name="outputs">Those of one of the two models.</param>
    /// <param name="sample">With the outputs of both.</param>
    double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample);
}

/// <summary>A metric that only many samples have together, computed from sums over them: ratios of counts, ranks.</summary>
internal interface ISummedMetric
{
    /// <summary>True when every sample is one decision, so that a few of them cannot tell small differences.</summary>
    bool IsOneDecisionPerSample { get; }

    /// <summary>Adds what a sample contributes.</summary>
    /// <inheritdoc cref="ISampleMetric.Score"/>
    void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums);

    /// <summary>The metric of all samples whose contributions are summed.</summary>
    /// <param name="keys">Ascending; a sum that nothing was added to may be missing.</param>
    /// <returns>NaN when the samples say nothing.</returns>
    double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums);
}

/// <summary>A metric that a project brings along.</summary>
internal interface ICustomMetric
{
    /// <summary>For messages and the report.</summary>
    string Name { get; }

    bool IsLowerBetter { get; }

    /// <param name="outputs">Those of one of the two models.</param>
    /// <param name="sample">With its arrays.</param>
    double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample);
}

/// <summary>Makes a custom metric one of the others.</summary>
internal sealed class CustomSampleMetric(ICustomMetric metric) : ISampleMetric
{
    public bool IsRightOrWrong => false;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample) => metric.Score(outputs, sample);
}

/// <summary>What one sample adds: number of the sum → value.</summary>
internal sealed class SampleSums
{
    private readonly List<KeyValuePair<long, double>> entries = [];

    public IReadOnlyList<KeyValuePair<long, double>> Entries => entries;

    public void Add(long key, double value) => entries.Add(new KeyValuePair<long, double>(key, value));
}
