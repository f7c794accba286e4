using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>What each recovery step is worth: row <c>best</c> with one of them switched off.</summary>
internal sealed class Ablation(BenchModel model)
{
    private const int TextColumns = 3;

    private const string Nothing = "none";

    private const string Everything = "all";

    private static readonly string[] Granularities = ["PerChannel", "PerTensor"];

    private static readonly string[] Columns =
        ["model", "granularity", "without", "dB", "to none, dB", "drop", "integers", "float passes", "error"];

    private readonly FileJudge judge = new(model);

    public IEnumerable<AblationRow> Measure() =>
        Granularities.SelectMany(granularity => Variants().Select(variant => Measure(granularity, variant.Without, variant.Steps)));

    public static string TableOf(IReadOnlyList<AblationRow> rows) =>
        MarkdownTable.Of(Columns, TextColumns, rows.Select(row => Cells(row, rows)));

    /// <summary>All steps, each of them left out, and none.</summary>
    private static IEnumerable<(string Without, IReadOnlyList<RecoveryStep> Steps)> Variants() =>
        RecoveryStep.Available
            .Select(left => (left.Setting, (IReadOnlyList<RecoveryStep>)[.. RecoveryStep.Available.Where(step => step != left)]))
            .Prepend((Nothing, RecoveryStep.Available))
            .Append((Everything, []));

    private AblationRow Measure(string granularity, string without, IReadOnlyCollection<RecoveryStep> steps)
    {
        Progress.Show($"{model.Name}: quantizing, {granularity} without {without}");
        Dictionary<string, string> settings = Recipe.WithRecovery(steps);
        settings.Add("Granularity", granularity);
        TimedQuantization run = TimedQuantization.Run(model, $"{granularity}-without-{without}", settings);
        var row = new RivalRow(model.Name, RivalRow.Own, without) { Error = run.Error };
        if (run.ShippedPath is { } path)
            row = judge.Judge(row, path);
        return new AblationRow(model.Name, granularity, without, row.SqnrDb, row.DropPoints, row.IntegerShare, run.FloatPasses)
        {
            Error = row.Error,
        };
    }

    private static IEnumerable<string> Cells(AblationRow row, IReadOnlyList<AblationRow> rows)
    {
        AblationRow? whole = rows.FirstOrDefault(
            other => other.Model == row.Model && other.Granularity == row.Granularity && other.Without == Nothing);
        return
        [
            row.Model,
            row.Granularity,
            row.Without,
            $"{row.SqnrDb:0.0}",
            $"{row.SqnrDb - whole?.SqnrDb:+0.0;-0.0;0.0}",
            $"{row.DropPoints:0.00}",
            row.IntegerShare is { } share ? $"{100 * share:0.0} %" : "",
            $"{row.FloatPasses:0.0}",
            row.Error ?? "",
        ];
    }
}
