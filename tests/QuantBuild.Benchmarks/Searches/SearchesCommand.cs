using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Rivals;

namespace QuantBuild.Benchmarks.Searches;

/// <summary>How small and how fast are the models that a search finds within a limit, next to those of one scheme and of other tools?</summary>
internal static class SearchesCommand
{
    public static int Run(SearchesOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var rows = new List<SearchesRow>();
        foreach (string name in options.Models)
        {
            rows.AddRange(Measure(options, name, found => Write(options, [.. rows, .. found])));
            Write(options, rows);
        }
        Console.WriteLine(Text(rows));
        return rows.Exists(row => row is { IsSearch: true, Path: null }) ? 1 : 0;
    }

    private static void Write(SearchesOptions options, IReadOnlyList<SearchesRow> rows)
    {
        if (options.Output is { } output)
            RowFile.Write(output, rows, Text(rows));
    }

    private static string Text(IReadOnlyList<SearchesRow> rows) => $"{SearchesTable.Of(rows)}\n{Machine.Description}\n";

    private static IReadOnlyList<SearchesRow> Measure(SearchesOptions options, string name, Action<IReadOnlyList<SearchesRow>> progress)
    {
        try
        {
            return new SearchesMeasurement(BenchModel.Read(options.Bench, name), options).Measure(progress);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Progress.Show($"{name}: {exception.Message}");
            return [new SearchesRow(name, null, null, SearchesRow.Exact) { Error = exception.Message }];
        }
    }
}
