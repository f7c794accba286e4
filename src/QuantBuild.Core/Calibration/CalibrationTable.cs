using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>What the calibration samples showed of every activation that is to be quantized.</summary>
/// <param name="Statistics">By name of the value. What is tied is seen as what it is tied to: the same object.</param>
/// <param name="SampleCount">Samples that were seen.</param>
internal sealed record CalibrationTable(IReadOnlyDictionary<string, TensorStatistics> Statistics, long SampleCount)
{
    public IReadOnlyDictionary<string, StreamingHistogram> Activations { get; } =
        Statistics.ToDictionary(pair => pair.Key, pair => pair.Value.Histogram, StringComparer.Ordinal);

    /// <summary>Values that held <c>NaN</c> or <c>infinite values</c>; their histograms are of no use.</summary>
    public IReadOnlyDictionary<string, string> NotFinite { get; } = Statistics.Where(pair => pair.Value.NotFinite is not null)
        .ToDictionary(pair => pair.Key, pair => pair.Value.NotFinite!, StringComparer.Ordinal);

    /// <summary>The input that takes positions out of the statistics; null when every value counts.</summary>
    public string? MaskInput { get; init; }

    /// <summary>Rows of what nodes with weights read; empty when none were asked for.</summary>
    public IReadOnlyDictionary<RowsKey, InputRows> Rows { get; init; } = new Dictionary<RowsKey, InputRows>();

    /// <returns>Null for a node whose rows were not kept.</returns>
    public InputRows? RowsOf(PlannedNode node, OnnxGraph graph) =>
        RowsKey.Of(node, graph) is { } key ? Rows.GetValueOrDefault(key) : null;

    /// <summary>The table of all batches from tables of some each, in any order.</summary>
    /// <param name="parts">At least one; all of the same plan.</param>
    public static CalibrationTable Merge(IReadOnlyList<CalibrationTable> parts)
    {
        var ofFirst = new Dictionary<TensorStatistics, TensorStatistics>();
        var merged = new Dictionary<string, TensorStatistics>(StringComparer.Ordinal);
        foreach ((string value, TensorStatistics first) in parts[0].Statistics)
        {
            if (!ofFirst.TryGetValue(first, out TensorStatistics? whole))
            {
                whole = new TensorStatistics { IsGiven = first.IsGiven };
                foreach (CalibrationTable part in parts)
                    whole.Merge(part.Statistics[value]);
                ofFirst.Add(first, whole);
            }
            merged.Add(value, whole);
        }
        return new CalibrationTable(merged, parts.Sum(part => part.SampleCount))
        {
            MaskInput = parts[0].MaskInput,
            Rows = parts[0].Rows.Keys.ToDictionary(key => key, key => InputRows.Join([.. parts.Select(part => part.Rows[key])])),
        };
    }
}
