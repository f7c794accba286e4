namespace QuantBuild.Cli.Rendering;

/// <summary>Columns of plain text, as wide as what is in them. Columns of numbers stand at their right edge.</summary>
/// <param name="headers">A header that begins with a space is that of a column of numbers.</param>
internal sealed class TextTable(params string[] headers)
{
    private const string Gap = "  ";

    private readonly List<string[]> rows = [];

    public bool IsEmpty => rows.Count == 0;

    public void Add(params string[] cells) => rows.Add(cells);

    public void Write(TextWriter output, string indent = "  ")
    {
        string[] titles = [.. headers.Select(header => header.TrimStart())];
        int[] widths = [.. titles.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max())];
        WriteRow(titles);
        foreach (string[] row in rows)
            WriteRow(row);

        void WriteRow(string[] cells)
        {
            IEnumerable<string> padded = cells.Select((cell, column) =>
                headers[column].StartsWith(' ') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine((indent + string.Join(Gap, padded)).TrimEnd());
        }
    }
}
