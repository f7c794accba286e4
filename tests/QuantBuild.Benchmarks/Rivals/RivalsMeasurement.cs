using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>All rows of one model: ours, then those of the other tools in the order of their names.</summary>
internal sealed class RivalsMeasurement(BenchModel model)
{
    private readonly List<(RivalRow Row, string? Path)> files = [];
    private readonly Lazy<double?> bareMiB = new(() => BareFloatSession.PeakMiB(model));

    public IReadOnlyList<RivalRow> Measure(bool withLatencies)
    {
        foreach (Recipe recipe in Recipe.All)
            files.Add(Quantize(recipe));
        foreach (string path in model.AllRivals())
            files.Add((RivalRow.OfFile(model.Name, path), path));
        FileJudge judge;
        try
        {
            judge = new FileJudge(model);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return [.. files.Select(file => file.Row with { Error = file.Row.Error ?? $"the float model does not run: {exception.Message}" })];
        }
        for (int i = 0; i < files.Count; i++)
            if (files[i].Path is { } path)
                files[i] = (judge.Judge(files[i].Row, path), path);
        if (withLatencies)
            AddLatencies(judge);
        return [.. files.Select(file => file.Row)];
    }

    private (RivalRow Row, string? Path) Quantize(Recipe recipe)
    {
        Progress.Show($"{model.Name}: quantizing, {recipe.Configuration}");
        TimedQuantization run = TimedQuantization.Run(model, recipe.Configuration, recipe.Settings);
        return (new RivalRow(model.Name, RivalRow.Own, recipe.Configuration)
        {
            FloatPasses = run.FloatPasses,
            Seconds = run.Seconds,
            PeakMiB = run.PeakMiB,
            BeyondFloatMiB = run.Error is null ? run.PeakMiB - bareMiB.Value : null,
            Error = run.Error,
        }, run.ShippedPath);
    }

    private void AddLatencies(FileJudge judge)
    {
        LatencyRatios[] ratios = FileRace.Run(model, judge, [.. files.Select(file => file.Row.Error is null ? file.Path : null)]);
        for (int i = 0; i < files.Count; i++)
            files[i] = (files[i].Row with { LatencyRatioBatch1 = ratios[i].Batch1, LatencyRatioBatch32 = ratios[i].Batch32 }, files[i].Path);
    }
}
