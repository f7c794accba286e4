using QuantBuild.Cli.Commands;

namespace QuantBuild.Cli.Rendering;

/// <summary>Times of models as text.</summary>
internal static class BenchText
{
    public static void Write(TextWriter writer, BenchResult result)
    {
        string inputs = string.Join(", ", result.Inputs.Select(input => $"{input.Key} [{string.Join(",", input.Value)}]"));
        writer.WriteLine($"{Figures.Count(result.Runs)} runs of each model, in turns, {result.Threads} {(result.Threads == 1 ? "thread" : "threads")}, {inputs}:");
        var table = new TextTable("model", " median ms", " p95 ms", " load ms", " peak memory");
        foreach (BenchedModel model in result.Models)
        {
            table.Add(
                model.Model,
                Figures.Milliseconds(model.MedianMilliseconds),
                Figures.Milliseconds(model.Percentile95Milliseconds),
                Figures.Fixed(model.LoadMilliseconds, 1),
                Figures.Bytes(model.PeakMemoryBytes));
        }
        table.Write(writer);
        if (result.Ratio is { } ratio)
        {
            writer.WriteLine(
                $"The second takes {Figures.Fixed(ratio.Median, 3)} of the time of the first (95 % interval {Figures.Fixed(ratio.Low, 3)} to {Figures.Fixed(ratio.High, 3)}).");
        }
    }
}
