using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>How accurate, fast and cheap are our files next to those that other tools made of the same models?</summary>
internal static class RivalsCommand
{
    /// <returns>1 when a mark is missed and the options say that this is a failure.</returns>
    public static int Run(RivalsOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        foreach (string setting in RecoveryStep.Unavailable)
            Progress.Show($"without {setting}, which this version does not have");
        return options.IsAblation ? Ablate(options) : Compare(options);
    }

    private static int Compare(RivalsOptions options)
    {
        var rows = new List<RivalRow>();
        foreach (string name in options.Models)
        {
            rows.AddRange(Try(() => BenchModel.Read(options.Bench, name), out string? error) is { } model
                ? new RivalsMeasurement(model).Measure(withLatencies: !options.IsQuick)
                : Recipe.All.Select(recipe => new RivalRow(name, RivalRow.Own, recipe.Configuration) { Error = error }));
            if (options.Output is { } output)
                RowFile.Write(output, rows, $"{RivalTable.Of(rows)}\n{Machine.Description}\n");
        }
        Console.WriteLine($"{RivalTable.Of(rows)}\n{Machine.Description}\n");
        string[] misses = [.. RivalChecks.Misses(rows)];
        foreach (string miss in misses)
            Console.WriteLine($"- missed: {miss}");
        return misses.Length > 0 && options.FailsOnMiss ? 1 : 0;
    }

    private static int Ablate(RivalsOptions options)
    {
        var rows = new List<AblationRow>();
        foreach (string name in options.Models)
        {
            if (Try(() => new Ablation(BenchModel.Read(options.Bench, name)), out string? error) is not { } ablation)
            {
                Progress.Show($"{name} is left out: {error}");
                continue;
            }
            foreach (AblationRow row in ablation.Measure())
            {
                rows.Add(row);
                if (options.Output is { } output)
                    RowFile.Write(output, rows, Ablation.TableOf(rows));
            }
        }
        Console.WriteLine(Ablation.TableOf(rows));
        return 0;
    }

    /// <returns>Null when the folder of the model does not hold one that can be measured.</returns>
    private static T? Try<T>(Func<T> read, out string? error)
        where T : class
    {
        error = null;
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            error = exception.Message;
            return null;
        }
    }
}
