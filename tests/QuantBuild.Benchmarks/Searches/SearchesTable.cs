using QuantBuild.Benchmarks.Builds;
using QuantBuild.Settings;

namespace QuantBuild.Benchmarks.Searches;

/// <summary>Rows as tables of Markdown: all that was measured, mixed forms against single schemes, and one way of searching against the other.</summary>
internal static class SearchesTable
{
    private const string Legend = """
        Drop: float minus file, points of top-1; hundredths of the cosine similarity where there are no classes. Expected: what the search
        predicted before it measured. Latency: float ÷ file, one sample, one thread, interleaved. Of the other tools, the best file within the
        limit. A search whose row says that the clock ended it has not tried what its budget allows.
        """;

    public static string Of(IReadOnlyList<SearchesRow> rows) => $"""
        ## Files

        {MarkdownTable.Of(
            ["model", "objective", "limit", "tool", "drop", "expected", "bytes", "÷ float", "latency", "candidates", "seconds", "forms", "error"],
            textColumns: 4,
            rows.Select(Cells))}
        {Legend}

        ## Expected and measured drop

        {Predictions(rows)}
        ## Mixed forms against single schemes

        {MarkdownTable.Of(
            ["model", "objective", "limit", "forms", "found", "best single scheme", "it has", "verdict"],
            textColumns: 4,
            rows.Where(row => row is { IsSearch: true, Seed: null, Error: null }).Select(row => Against(row, rows)))}
        ## Solved and bred, size within the first limit

        {MarkdownTable.Of(
            ["model", "method", "searches", "bytes: least", "mean", "most", "candidates", "that keep the limit"],
            textColumns: 2,
            Methods(rows))}
        """;

    private static IEnumerable<string> Cells(SearchesRow row) =>
    [
        row.Model,
        $"{row.Objective}",
        $"{row.LimitPoints}",
        row.Seed is { } seed ? $"{row.Tool}, seed {seed}" : row.Tool,
        $"{row.DropPoints:0.000}",
        $"{row.PredictedDropPoints:0.000}",
        $"{row.Bytes:N0}",
        $"{(double?)row.Bytes / row.FloatBytes:0.000}",
        $"{row.LatencyRatioBatch1:0.00}",
        $"{row.Evaluations}",
        $"{row.Seconds:0.0}",
        row.Forms is { } forms ? string.Join(", ", forms.Select(form => $"{form.Key} ×{form.Value}")) : "",
        row.Error ?? "",
    ];

    private static string Predictions(IReadOnlyList<SearchesRow> rows) => MarkdownTable.Of(
        ["model", "mean difference of what ships, points", "of all candidates"],
        textColumns: 1,
        rows.Where(row => row.IsSearch).GroupBy(row => row.Model).Select(ofModel => new[]
        {
            ofModel.Key,
            $"{Mean(ofModel.Select(row => row.PredictedDropPoints - row.DropPoints)):0.000}",
            $"{Mean(ofModel.Select(row => row.PredictionErrorPoints)):0.000}",
        }));

    /// <returns>Null of nothing.</returns>
    private static double? Mean(IEnumerable<double?> differences) =>
        differences.Average(difference => difference is { } value ? Math.Abs(value) : (double?)null);

    private static IEnumerable<string> Against(SearchesRow row, IReadOnlyList<SearchesRow> rows)
    {
        QuantizationObjective objective = row.Objective!.Value;
        SearchesRow? best = rows
            .Where(other => other.IsPure && other.Model == row.Model && other.Keeps(row.LimitPoints) && other.Value(objective) is not null)
            .MinBy(other => other.Value(objective));
        return
        [
            row.Model, $"{objective}", $"{row.LimitPoints}", row.IsHybrid ? "mixed" : "one", Text(row, objective),
            best?.Tool ?? "none keeps the limit", best is null ? "" : Text(best, objective), Verdict(row, best, objective),
        ];
    }

    private static string Verdict(SearchesRow row, SearchesRow? best, QuantizationObjective objective) =>
        !row.Keeps(row.LimitPoints) ? "misses the limit"
        : row.Value(objective) is not { } own ? "not measured"
        : best is null || own < best.Value(objective) ? "better"
        : own > best.Value(objective) ? "worse" : "equal";

    private static string Text(SearchesRow row, QuantizationObjective objective) =>
        objective == QuantizationObjective.Size ? $"{row.Bytes:N0}" : $"{row.LatencyRatioBatch1:0.00}";

    private static IEnumerable<IEnumerable<string>> Methods(IReadOnlyList<SearchesRow> rows)
    {
        double? limit = rows.Where(row => row.IsSearch).Min(row => row.LimitPoints);
        return
            from row in rows
            where row is { IsSearch: true, Objective: QuantizationObjective.Size, Bytes: not null } && row.LimitPoints == limit
            group row by (row.Model, row.Tool) into method
            let bytes = method.Select(row => row.Bytes!.Value).ToArray()
            select (IEnumerable<string>)
            [
                method.Key.Model, method.Key.Tool, $"{bytes.Length}", $"{bytes.Min():N0}", $"{bytes.Average():N0}", $"{bytes.Max():N0}",
                $"{method.Average(row => row.Evaluations):0.0}", $"{method.Count(row => row.Keeps(limit))}",
            ];
    }
}
