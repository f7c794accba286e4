namespace QuantBuild.Benchmarks.Models;

/// <summary>What all rows have to fulfil.</summary>
/// <param name="AppliesTo">Rows without it are not judged.</param>
/// <param name="Margin">How far a row is from missing it: at least 0 when it holds. Null: the row does not say.</param>
/// <param name="Describe">What is decisive about a row.</param>
internal sealed record Requirement(string Text, Func<ModelRow, bool> AppliesTo, Func<ModelRow, double?> Margin, Func<ModelRow, string> Describe)
{
    /// <summary>5 % slower is still not slower.</summary>
    private const double LeastRatio = 0.95;

    public static IEnumerable<Requirement> All(IReadOnlyList<ModelRow> rows) =>
    [
        new(
            "no model crashes",
            row => row.IsOwn,
            row => row.Error is { } error && (!HasCode(error) || error.StartsWith("QB9", StringComparison.Ordinal)) ? -1 : 0,
            row => row.Error ?? "no error"),
        new(
            "every model gives a file that runs (with any objective)",
            row => row.IsOwn,
            row => row.Error is null && row.SizeRatio is not null ? 0 : -1,
            row => row.Error ?? "runs"),
        new(
            "the runtime fuses every node that was planned in integers",
            IsMeasured,
            row => row.Fused - row.Planned,
            row => $"{row.Fused} of {row.Planned}"),
        new("no file is larger than float", IsMeasured, row => 1 - row.SizeRatio, row => $"size ratio {row.SizeRatio:0.000}"),
        new(
            "Latency: not slower than float by more than 5 %",
            row => row.IsOwnLatency,
            row => row.LatencyRatio - LeastRatio,
            row => $"latency ratio {row.LatencyRatio:0.00}"),
        new(
            "Latency: not slower than the fastest of float and all tools by more than 5 %",
            row => row.IsOwnLatency,
            row => row.LatencyRatioToFastest - LeastRatio,
            row => $"{row.LatencyRatioToFastest:0.00} of {row.Fastest}"),
        new(
            "Latency: faster than float wherever a tool is",
            row => row.IsOwnLatency && ToolIsFaster(rows, row.Model),
            row => row.LatencyRatio - 1,
            row => $"latency ratio {row.LatencyRatio:0.00}, fastest {row.Fastest}"),
        new(
            "the reasons are complete: every node that is not in integers has one",
            IsMeasured,
            row => -row.WithoutReason?.Count,
            row => row.WithoutReason is { Count: > 0 } nodes ? $"{nodes.Count} without: {nodes[0]}" : "all have one"),
        new(
            "fused + dynamic + stored + kept float = all weighted nodes",
            IsMeasured,
            row => row.Weighted is { } counts ? -Math.Abs(counts.Unaccounted) : null,
            row => $"integers / dynamic / 8-bit / float16 / float {row.Weighted}; the float file has {row.WeightedInFloat}"),
    ];

    /// <summary>One line: whether it holds, and the row that is worst.</summary>
    /// <returns>False when a row misses it, or when no row says.</returns>
    public bool Check(IReadOnlyList<ModelRow> rows, out string line)
    {
        ModelRow[] judged = [.. rows.Where(AppliesTo)];
        ModelRow[] silent = [.. judged.Where(row => Margin(row) is null)];
        ModelRow? worst = judged.Except(silent).MinBy(Margin);
        int missing = judged.Count(row => Margin(row) < 0);
        bool holds = missing == 0 && silent.Length == 0;
        string counts = $"{judged.Length - missing - silent.Length} of {judged.Length} rows";
        string unknown = silent.Length == 0 ? "" : $", {silent.Length} unknown ({silent[0].Model})";
        string worstText = worst is null ? "" : $"; worst: {worst.Model} {worst.Label}, {Describe(worst).ReplaceLineEndings(" ")}";
        line = $"- {(holds ? "pass" : "FAIL")}: {Text}: {counts}{unknown}{worstText}";
        return holds;
    }

    private static bool IsMeasured(ModelRow row) => row.IsOwn && row.SizeRatio is not null;

    private static bool HasCode(string error) => error.StartsWith("QB", StringComparison.Ordinal);

    /// <summary>Faster in three of four rounds.</summary>
    private static bool ToolIsFaster(IReadOnlyList<ModelRow> rows, string model) => rows.Any(row =>
        row.Model == model && !row.IsOwn && row.Tool != ModelRow.Float && row.LatencyRatioQuartiles is [> 1, _]);
}
