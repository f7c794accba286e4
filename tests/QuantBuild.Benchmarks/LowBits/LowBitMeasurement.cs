using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Rivals;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>All rows of one model: ours by bits and algorithm, then those of the other tools in the order of their names.</summary>
internal sealed class LowBitMeasurement(BenchModel model)
{
    /// <summary>Sessions that are open at a time: each of a large model holds its weights as the kernels want them.</summary>
    private const int MostRacers = 8;

    private const int AxesOfImages = 4;

    private readonly List<(LowBitRow Row, string? Path)> files = [];

    public IReadOnlyList<LowBitRow> Measure(IEnumerable<LowBitRecipe> recipes, bool withLatencies)
    {
        var judge = new FileJudge(model);
        bool isOfImages = judge.Samples.Arrays.Any(array => array.Shape.Length == AxesOfImages);
        foreach (LowBitRecipe recipe in recipes)
            Add(Quantize(recipe), judge);
        foreach (string path in model.AllRivals())
            Add(OfRival(path), judge);
        files.RemoveAll(file => !file.Row.IsOwn && !file.Row.Counts);
        if (withLatencies)
            AddLatencies(judge);
        return [.. files.Select(file => file.Row with { IsOfImages = isOfImages })];
    }

    private void Add((LowBitRow Row, string? Path) file, FileJudge judge)
    {
        LowBitRow row = file.Path is { } path ? file.Row with { File = judge.Judge(file.Row.File, path) } : file.Row;
        if (file.Path is { } compressed && row.Error is null && row.Counts)
            row = row with { EntropyBytes = CompressedSize.Of(compressed) };
        files.Add((row, file.Path));
    }

    private (LowBitRow Row, string? Path) Quantize(LowBitRecipe recipe)
    {
        Progress.Show($"{model.Name}: quantizing, {recipe.Configuration}");
        TimedQuantization run = TimedQuantization.Run(model, recipe.Configuration, recipe.Settings);
        var row = new RivalRow(model.Name, RivalRow.Own, recipe.Configuration)
        {
            FloatPasses = run.FloatPasses,
            Seconds = run.Seconds,
            PeakMiB = run.PeakMiB,
            Error = run.Error,
        };
        return (new LowBitRow(row, recipe.Bits, recipe.Algorithm), run.ShippedPath);
    }

    private (LowBitRow Row, string? Path) OfRival(string path)
    {
        var row = RivalRow.OfFile(model.Name, path);
        try
        {
            return (new LowBitRow(row, WeightBits.Of(path), row.Configuration), path);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return (new LowBitRow(row with { Error = $"the file cannot be read: {exception.Message}" }, null, row.Configuration), null);
        }
    }

    private void AddLatencies(FileJudge judge)
    {
        IEnumerable<string?> paths = files.Select(file => file.Row.Error is null ? file.Path : null);
        LatencyRatios[] ratios = FileRace.Run(model, judge, [.. paths], MostRacers);
        for (int i = 0; i < files.Count; i++)
        {
            RivalRow timed = files[i].Row.File with { LatencyRatioBatch1 = ratios[i].Batch1, LatencyRatioBatch32 = ratios[i].Batch32 };
            files[i] = (files[i].Row with { File = timed }, files[i].Path);
        }
    }
}
