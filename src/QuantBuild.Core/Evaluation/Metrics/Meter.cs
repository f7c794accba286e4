namespace QuantBuild.Evaluation.Metrics;

/// <summary>Measures a metric of both models, of all samples and of every slice.</summary>
internal interface IMeter
{
    MetricFigures Figures { get; }

    /// <summary>By name, in ordinal order.</summary>
    IReadOnlyList<KeyValuePair<string, MetricFigures>> Slices { get; }

    /// <param name="slice">Null when there are no slices.</param>
    void Add(MetricSample sample, string? slice);
}

/// <param name="measure">What one sample gives.</param>
internal sealed class Meter<T>(Func<MetricSample, T> measure, Func<ITally<T>> newTally) : IMeter
{
    private readonly ITally<T> all = newTally();
    private readonly SortedDictionary<string, ITally<T>> slices = new(StringComparer.Ordinal);

    public MetricFigures Figures => all.Figures;

    public IReadOnlyList<KeyValuePair<string, MetricFigures>> Slices =>
        [.. slices.Select(slice => new KeyValuePair<string, MetricFigures>(slice.Key, slice.Value.Figures))];

    public void Add(MetricSample sample, string? slice)
    {
        T score = measure(sample);
        all.Add(score);
        if (slice is null)
            return;
        if (!slices.TryGetValue(slice, out ITally<T>? tally))
            slices.Add(slice, tally = newTally());
        tally.Add(score);
    }
}
