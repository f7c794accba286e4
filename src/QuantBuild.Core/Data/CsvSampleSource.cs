using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QuantBuild.Data;

/// <summary>A comma-separated file with a header. A column is named like an input, or several are numbered from 0: <c>x_0,x_1</c> or <c>x[0],x[1]</c>;
/// for a model with one input of none of these names all columns but the labels are its values, in their order. A cell is a number, a word, numbers
/// with spaces between them, or a JSON array.</summary>
internal sealed class CsvSampleSource : RecordReader
{
    public static readonly SampleFormat Format = new(
        "a .csv file with a header (columns named like the inputs)",
        data => data.IsFile && data.Extension == ".csv",
        (data, request) => new RecordSource(data.File, () => new CsvSampleSource(data.Path, request), request));

    private const string OtherLabelName = "label";

    private readonly CsvFile table;
    private readonly Dictionary<string, int[]> columns = new(StringComparer.Ordinal);

    private CsvSampleSource(string path, SampleSetRequest request)
    {
        table = CsvFile.Open(path);
        try
        {
            Assign(request);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    public override long Line => table.Line;

    public override IEnumerable<string> Names => columns.Keys;

    public override bool TryRead() => table.TryReadRow();

    public override bool TryGet(string array, RecordValue value)
    {
        int[] cells = columns[array];
        if (cells is [var only])
        {
            AddCell(table[only], value);
            return true;
        }
        value.OpenBracket();
        foreach (int cell in cells)
            AddElement(table[cell], value, table.Header[cell]);
        value.CloseBracket();
        return true;
    }

    public override void Dispose() => table.Dispose();

    private void Assign(SampleSetRequest request)
    {
        string label = table.Header.Contains(request.LabelName) || request.LabelName != SampleBinding.LabelsName ? request.LabelName : OtherLabelName;
        var used = new HashSet<int>();
        foreach (string input in request.Inputs.Select(input => input.Name))
            if (ColumnsOf(input) is { Length: > 0 } own)
            {
                columns.Add(input, own);
                used.UnionWith(own);
            }
        int[] others = [.. Enumerable.Range(0, table.Header.Count).Where(column => !used.Contains(column) && table.Header[column] != label)];
        if (columns.Count == 0 && request.Inputs.Count == 1 && others.Length > 0)
        {
            columns.Add(request.Inputs[0].Name, others);
            others = [];
        }
        foreach (int column in others)
            columns.TryAdd(table.Header[column], [column]);
        if (table.Header.Contains(label))
            columns.TryAdd(request.LabelName, [table.ColumnOf(label)]);
    }

    /// <summary>The column of this name, or those that are numbered; none when there is neither.</summary>
    private int[] ColumnsOf(string input)
    {
        if (table.Header.Contains(input))
            return [table.ColumnOf(input)];
        foreach (string form in new[] { "{0}[{1}]", "{0}_{1}" })
        {
            var found = new List<int>();
            for (int i = 0; table.Header.ToList().IndexOf(string.Format(CultureInfo.InvariantCulture, form, input, i)) is >= 0 and var column; i++)
                found.Add(column);
            if (found.Count > 0)
                return [.. found];
        }
        return [];
    }

    private static void AddCell(string cell, RecordValue value)
    {
        if (cell.StartsWith('['))
            AddJson(cell, value);
        else if (cell.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } parts && Array.TrueForAll(parts, IsNumber))
        {
            value.OpenBracket();
            foreach (string part in parts)
                value.AddNumber(Encoding.UTF8.GetBytes(part));
            value.CloseBracket();
        }
        else
        {
            AddElement(cell, value, null);
        }
    }

    private static void AddElement(string cell, RecordValue value, string? column)
    {
        if (cell.Length == 0)
            throw new InvalidDataException(column is null ? "its cell is empty" : $"the cell of '{column}' is empty");
        if (IsNumber(cell))
            value.AddNumber(Encoding.UTF8.GetBytes(cell));
        else if (bool.TryParse(cell, out bool truth))
            value.AddTruth(truth);
        else
            value.AddText(cell);
    }

    private static void AddJson(string cell, RecordValue value)
    {
        try
        {
            JsonLines.AddTo(Encoding.UTF8.GetBytes(cell), value);
        }
        catch (JsonException cause)
        {
            throw new InvalidDataException($"'{TextLine.Of(cell, 40)}' is not a JSON array", cause);
        }
    }

    private static bool IsNumber(string text) => NumberText.IsNumber(Encoding.UTF8.GetBytes(text));
}
