using System.Globalization;
using System.Xml.Linq;
using QuantBuild.Evaluation;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>The forms of the whole model that a search has tried.</summary>
internal static class SearchSection
{
    private const int MostPoints = 2000;

    private const int FewCandidates = 12;

    public static Section? Of(QuantizationReport report)
    {
        if (report.Search is not { } search)
            return null;
        MetricText? metric = report.Accuracy is { } accuracy ? Figures.Metric(accuracy.Metric) : null;
        return new Section("search", "Search", Lead(search), Plot(search, metric), CandidateTables(search, metric));
    }

    private static string Lead(SearchReport search) =>
        $"{Figures.Plural(search.Evaluations, "form of the model was", "forms of the model were")} made and measured"
        + (search.StoppedByClock ? $" before the time was over, of {Figures.Count(search.PlannedEvaluations)} that were planned." : ".")
        + $" Method {search.Method}, costs by the table {search.Profile}."
        + string.Create(CultureInfo.InvariantCulture, $" The search took as long as {search.FloatPasses:0.#} runs of the float model over the calibration samples.");

    private static XElement? Plot(SearchReport search, MetricText? metric)
    {
        CandidateReport[] all = [.. search.Candidates.Take(MostPoints)];
        bool byDrop = metric is not null && all.Length > 0 && all.All(candidate => candidate.Drop is not null);
        PlotPoint[] points =
        [
            .. all.Where(candidate => byDrop || candidate.SqnrDecibels is not null).Select(candidate => new PlotPoint(
                candidate.Bytes,
                byDrop ? candidate.Drop!.Value : candidate.SqnrDecibels!.Value,
                candidate.OnFront,
                candidate.Chosen,
                candidate.Fits,
                Hover(candidate, metric))),
        ];
        if (points.Length == 0)
            return null;
        (string unit, double bytesPerUnit) = points.Max(point => point.X) >= 1 << 20 ? ("MiB", 1 << 20) : ("KiB", 1024);
        string measure = byDrop ? $"{metric!.Name}, drop (less is better)" : "signal-to-noise ratio of the outputs (more is better)";
        return ParetoPlot.Of(
            [.. points.Select(point => point with { X = point.X / bytesPerUnit })],
            "size of the file (smaller is better)",
            measure,
            value => $"{Figures.Value(value)}\u00A0{unit}",
            value => byDrop ? metric!.Interval(value) : Figures.Decibels(value),
            $"{Figures.Plural(points.Length, "candidate", "candidates")}: size of the file against {measure}. The table below has all of them.");
    }

    private static string Hover(CandidateReport candidate, MetricText? metric) => string.Join(
        '\n',
        new[]
        {
            candidate.Name + (candidate.Chosen ? " (ships)" : candidate.OnFront ? " (on the front)" : ""),
            Figures.Bytes(candidate.Bytes),
            $"{Figures.Value(candidate.EstimatedCost)} × the time of the float model, estimated",
            candidate.Drop is { } drop && metric is not null ? $"drop {metric.Difference(drop)}" : null,
            candidate.SqnrDecibels is { } decibels ? Figures.Decibels(decibels) : null,
            Forms(candidate),
            candidate.Misses is { } misses ? $"misses a limit: {misses}" : null,
        }.OfType<string>());

    /// <summary>What ships and what is on the front at once, all others when asked for.</summary>
    private static IEnumerable<object> CandidateTables(SearchReport search, MetricText? metric)
    {
        ILookup<bool, CandidateReport> byRank = search.Candidates.ToLookup(candidate => candidate.Chosen || candidate.OnFront || search.Candidates.Count <= FewCandidates);
        if (byRank[true].Any())
            yield return Table("Candidates on the front", byRank[true].OrderBy(candidate => candidate.Chosen ? 0 : 1), metric, null);
        if (byRank[false].Any())
            yield return Tag(
                "details",
                Tag("summary", $"{Figures.Count(byRank[false].Count())} others"),
                Table("Other candidates", byRank[false], metric, "Filter candidates"));
    }

    private static XElement Table(string caption, IEnumerable<CandidateReport> candidates, MetricText? metric, string? filter) => DataTable.Of(
        caption,
        [
            new Column("Candidate"),
            new Column("Size", IsNumber: true),
            new Column("Time", IsNumber: true, "Estimated, over that of the float model"),
            new Column("Predicted", IsNumber: true, "Signal-to-noise ratio of the outputs that the solver expected"),
            new Column("Measured", IsNumber: true, "Signal-to-noise ratio of the outputs"),
            new Column("Drop", IsNumber: true, "Of the metric, with its confidence interval and what was expected before it was measured"),
            new Column("Layers"),
            new Column("Verdict"),
        ],
        candidates.Select(candidate => new[]
        {
            new Cell(Tag("span", Name(candidate.Name), candidate.Chosen ? Styled("b", "pill chosen", "ships") : null)),
            new Cell(Figures.Bytes(candidate.Bytes), candidate.Bytes),
            new Cell($"{Figures.Value(candidate.EstimatedCost)}\u00A0×", candidate.EstimatedCost),
            new Cell(Figures.Decibels(candidate.PredictedDecibels), candidate.PredictedDecibels),
            new Cell(Figures.Decibels(candidate.SqnrDecibels), candidate.SqnrDecibels),
            Drop(candidate, metric),
            new Cell(Forms(candidate)),
            new Cell(candidate.Misses ?? (candidate.Fits ? "keeps the limits" : "does not keep them")),
        }),
        filter);

    private static Cell Drop(CandidateReport candidate, MetricText? metric)
    {
        if (candidate.Drop is not { } drop || metric is null)
            return Cell.Missing;
        string interval = candidate.DropInterval is [{ } low, { } high] ? $"{metric.Interval(low)} to {metric.Interval(high)}" : "";
        string predicted = candidate.PredictedDrop is { } expected ? $"{metric.Interval(expected)} expected" : "";
        return new Cell(new object[] { metric.Difference(drop), Styled("small", "under", interval), Styled("small", "under", predicted) }, drop);
    }

    private static string Forms(CandidateReport candidate) => string.Join(
        ", ", candidate.Forms.OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => $"{Figures.Count(form.Value)} × {form.Key}"));
}
