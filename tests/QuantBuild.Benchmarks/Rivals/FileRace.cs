using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>Float latency ÷ file latency on one thread; null where one of the two does not run with so many samples at once.</summary>
internal readonly record struct LatencyRatios(double? Batch1, double? Batch32);

/// <summary>Latencies of many files of one model beside that of the float file.</summary>
internal static class FileRace
{
    private const int LargeBatch = 32;

    /// <param name="paths">Null: no file that runs, and no ratios.</param>
    /// <param name="racers">So many files at most are open at a time, beside the float file.</param>
    public static LatencyRatios[] Run(BenchModel model, FileJudge judge, IReadOnlyList<string?> paths, int racers = int.MaxValue)
    {
        Progress.Show($"{model.Name}: racing");
        double?[] batch1 = Ratios(model, judge, paths, batchSize: 1, racers);
        double?[] batch32 = Ratios(model, judge, paths, LargeBatch, racers);
        return [.. batch1.Zip(batch32, (small, large) => new LatencyRatios(small, large))];
    }

    /// <returns>For so many samples at once alone.</returns>
    public static double?[] Ratios(BenchModel model, FileJudge judge, IReadOnlyList<string?> paths, int batchSize, int racers)
    {
        var ratios = new double?[paths.Count];
        if (!judge.Runs(model.FloatPath, batchSize))
            return ratios;
        IEnumerable<int> running = Enumerable.Range(0, paths.Count).Where(i => paths[i] is { } path && judge.Runs(path, batchSize));
        foreach (int[] racing in running.Chunk(racers))
        {
            InterleavedLatency latency = InterleavedLatency.Measure([model.FloatPath, .. racing.Select(i => paths[i]!)], judge.Samples, batchSize);
            for (int racer = 0; racer < racing.Length; racer++)
                ratios[racing[racer]] = latency.Ratio(racer + 1, other: 0).Median;
        }
        return ratios;
    }
}
