using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>All rows of one model: ours, then those of the other tools in the order of their names.</summary>
internal sealed class RivalsMeasurement(BenchModel model)
{
    private const int LargeBatch = 32;

    private readonly List<(RivalRow Row, string? Path)> files = [];
    private readonly Lazy<double?> bareMiB = new(() => BareFloatSession.PeakMiB(model));

    public IReadOnlyList<RivalRow> Measure(bool withLatencies)
    {
        foreach (Recipe recipe in Recipe.All)
            files.Add(Quantize(recipe));
        foreach (string path in model.AllRivals())
            files.Add((RowOf(path), path));
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

    private RivalRow RowOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string tool = name.Split('.')[0];
        return new RivalRow(model.Name, tool, name[Math.Min(tool.Length + 1, name.Length)..]);
    }

    private void AddLatencies(FileJudge judge)
    {
        Progress.Show($"{model.Name}: racing");
        int[] sound = [.. Enumerable.Range(0, files.Count).Where(i => files[i].Path is not null && files[i].Row.Error is null)];
        Race(batchSize: 1, (row, ratio) => row with { LatencyRatioBatch1 = ratio });
        Race(LargeBatch, (row, ratio) => row with { LatencyRatioBatch32 = ratio });

        void Race(int batchSize, Func<RivalRow, double, RivalRow> add)
        {
            if (!judge.Runs(model.FloatPath, batchSize))
                return;
            int[] racing = [.. sound.Where(i => judge.Runs(files[i].Path!, batchSize))];
            InterleavedLatency latency = InterleavedLatency.Measure(
                [model.FloatPath, .. racing.Select(i => files[i].Path!)], judge.Samples, batchSize);
            for (int racer = 0; racer < racing.Length; racer++)
            {
                int i = racing[racer];
                files[i] = (add(files[i].Row, latency.Ratio(racer + 1, other: 0).Median), files[i].Path);
            }
        }
    }
}
