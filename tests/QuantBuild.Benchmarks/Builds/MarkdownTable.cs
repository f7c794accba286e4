namespace QuantBuild.Benchmarks.Builds;

/// <summary>Rows of cells as a table of Markdown.</summary>
internal static class MarkdownTable
{
    private const int LongestCell = 160;

    /// <param name="textColumns">So many at the left hold text, the others numbers.</param>
    public static string Of(IReadOnlyList<string> columns, int textColumns, IEnumerable<IEnumerable<string>> rows)
    {
        IEnumerable<string> rule = columns.Select((_, column) => column < textColumns ? "---" : "--:");
        return string.Concat(rows.Prepend(rule).Prepend(columns).Select(cells => $"| {string.Join(" | ", cells.Select(Cell))} |\n"));
    }

    private static string Cell(string text)
    {
        string line = text.ReplaceLineEndings(" ").Replace('|', '/');
        return line.Length <= LongestCell ? line : line[..LongestCell] + "…";
    }
}
