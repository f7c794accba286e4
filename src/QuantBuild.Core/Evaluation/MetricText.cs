using System.Globalization;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>A metric in the words and units of people.</summary>
internal sealed class MetricText(AccuracyMetric metric, int rank = 1, string? customName = null)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly MetricTraits traits = MetricTraits.Of(metric);

    public string Name => customName ?? string.Format(Culture, traits.Name, rank);

    /// <param name="name">As reports have it.</param>
    public static MetricText OfName(string name)
    {
        AccuracyMetric metric = MetricName.MetricOf(name);
        return new MetricText(metric, MetricName.RankOf(name) ?? 1, metric == AccuracyMetric.Custom ? name : null);
    }

    public string Value(double value) => traits.Unit switch
    {
        MetricUnit.Share => string.Create(Culture, $"{value * 100:0.00#} %"),
        _ => Difference(value),
    };

    /// <summary>An end of a confidence interval, which is no sharper than two places.</summary>
    public string Interval(double value) => double.IsInfinity(value)
        ? value > 0 ? "infinity" : "-infinity"
        : traits.Unit == MetricUnit.Share ? string.Create(Culture, $"{value * 100:0.00} points") : Difference(value);

    /// <summary>Shares in percentage points.</summary>
    public string Difference(double value) => traits.Unit switch
    {
        MetricUnit.Share => string.Create(Culture, $"{value * 100:0.00#} points"),
        MetricUnit.Similarity => string.Create(Culture, $"{value:0.00000#}"),
        MetricUnit.Decibels => string.Create(Culture, $"{value:0.00} dB"),
        _ => string.Create(Culture, $"{value:G5}"),
    };

    /// <summary>A slice in a list: both values, the drop and how much stands behind them.</summary>
    public string Of(SliceComparison slice) => slice.IsMeasured
        ? string.Create(Culture, $"'{slice.Name}' {Value(slice.Float)} to {Value(slice.Quantized)} (drop {Difference(slice.Drop)}, {slice.SampleCount} samples)")
        : string.Create(Culture, $"'{slice.Name}' cannot be measured by itself ({slice.SampleCount} samples)");
}
