using System.Globalization;
using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <param name="Number">Null when the label is a name.</param>
internal sealed record LabelRow(string Label, long? Number, long Line);

/// <summary>A table of two columns with a header, <c>file,label</c>: which sample is of which class.</summary>
internal static class LabelTable
{
    public const string Extension = ".csv";

    /// <returns>Rows by the name of the sample, relative to the folder of the table.</returns>
    /// <exception cref="QuantBuildException">QB4001: not such a table.</exception>
    public static IReadOnlyDictionary<string, LabelRow> Read(string path, string displayPath, DiagnosticOrigin? origin)
    {
        var problem = new UnreadableFile(displayPath, origin);
        return problem.Guard(() =>
        {
            var rows = new Dictionary<string, LabelRow>(StringComparer.Ordinal);
            using CsvFile table = CsvFile.Open(path);
            int file = table.ColumnOf("file");
            int label = table.ColumnOf("label");
            while (table.TryReadRow())
            {
                string name = table[file].Trim().Replace('\\', '/');
                string text = table[label].Trim();
                long? number = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
                if (!rows.TryAdd(name, new LabelRow(text, number, table.Line)))
                    throw new InvalidDataException($"line {table.Line}: '{name}' has a label already, in line {rows[name].Line}");
            }
            return rows;
        });
    }
}
