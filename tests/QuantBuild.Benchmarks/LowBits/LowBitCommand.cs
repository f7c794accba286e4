using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Rivals;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>How accurate, small and fast are our files of few bits, with each algorithm, next to those that other tools made?</summary>
internal static class LowBitCommand
{
    /// <returns>1 when a mark is missed and the options say that this is a failure.</returns>
    public static int Run(LowBitOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        foreach (IGrouping<string, string> missing in options.Recipes.SelectMany(recipe => recipe.Unavailable).GroupBy(setting => setting))
            Progress.Show($"without {missing.Count()} recipes of {missing.Key}, which this version does not have");
        LowBitRecipe[] recipes = [.. options.Recipes.Where(recipe => !recipe.Unavailable.Any())];

        var rows = new List<LowBitRow>();
        foreach (string name in options.Models)
        {
            rows.AddRange(Measure(options, name, recipes));
            if (options.Output is { } output)
                RowFile.Write(output, rows, Text(rows));
        }
        Console.WriteLine(Text(rows));
        return options.FailsOnMiss && LowBitChecks.Misses(rows).Any() ? 1 : 0;
    }

    private static string Text(IReadOnlyList<LowBitRow> rows)
    {
        string[] misses = [.. LowBitChecks.Misses(rows).Select(miss => $"- missed: {miss}\n")];
        string verdict = misses.Length > 0 ? string.Concat(misses)
            : rows.Any(row => row.IsOwn && LowBitRecipes.DefaultBits.Contains(row.Bits!.Value)) ? "No goal is missed.\n"
            : "Goals are for files of few bits; none was asked for.\n";
        return $"{LowBitTable.Of(rows)}\n{Machine.Description}\n\n## Goals\n\n{verdict}";
    }

    private static IReadOnlyList<LowBitRow> Measure(LowBitOptions options, string name, LowBitRecipe[] recipes)
    {
        try
        {
            return new LowBitMeasurement(BenchModel.Read(options.Bench, name)).Measure(recipes, withLatencies: !options.IsQuick);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return [.. recipes.Select(recipe => new LowBitRow(
                new RivalRow(name, RivalRow.Own, recipe.Configuration) { Error = exception.Message }, recipe.Bits, recipe.Algorithm))];
        }
    }
}
