using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Models;

/// <summary>Rows as a table of Markdown.</summary>
internal static class ModelTable
{
    private const int TextColumns = 3;

    private static readonly string[] Columns =
    [
        "model", "tool", "file", "nodes", "operators", "fused", "int / dynamic / 8-bit / half / float", "size", "dB", "worst output", "metric", "float's",
        "latency", "quartiles", "to fastest", "b32", "integer share", "Q/DQ left", "float passes", "peak MiB", "error",
    ];

    public static string Of(IEnumerable<ModelRow> rows) => MarkdownTable.Of(Columns, TextColumns, rows.Select(Cells));

    private static IEnumerable<string> Cells(ModelRow row) =>
    [
        row.Model,
        row.Tool,
        row.Label,
        $"{row.Nodes}",
        $"{row.Operators.Count}",
        row.Planned is { } planned ? $"{row.Fused} of {planned}" : $"{row.Fused}",
        $"{row.Weighted}",
        $"{row.SizeRatio:0.000}",
        $"{row.SqnrDb:0.0}",
        $"{row.SqnrDbWorstOutput:0.0}",
        $"{row.Metric:0.0000}",
        $"{row.MetricFloat:0.0000}",
        $"{row.LatencyRatio:0.00}",
        row.LatencyRatioQuartiles is [var lower, var upper] ? $"{lower:0.00} to {upper:0.00}" : "",
        $"{row.LatencyRatioToFastest:0.00}",
        $"{row.LatencyRatioBatch32:0.00}",
        row.IntegerShare is { } share ? $"{share * 100:0.0} %" : "",
        $"{row.LeftoverConversions}",
        $"{row.FloatPasses:0.0}",
        $"{row.PeakMiB:0}",
        row.Error ?? "",
    ];
}
