using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace QuantBuild.Data;

/// <summary>A comma-separated file with a header, read row by row; every row has as many cells as the header.</summary>
internal sealed class CsvFile : IDisposable
{
    /// <summary>A quote that is never closed would take the rest of the file into one cell.</summary>
    private const int LongestRow = 64 << 20;

    private const int MostColumns = 100_000;

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        TrimWhitespace = true,
        TrackLineNumbers = true,
        IncludeValuesInExceptions = false,
        MaxRecordSize = LongestRow,
        MalformedData = CsvMalformedDataHandling.Throw,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
    };

    private readonly CsvReader reader;

    private CsvFile(CsvReader reader)
    {
        this.reader = reader;
    }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Where the row read last starts, from 1.</summary>
    public long Line => reader.LineNumber;

    /// <summary>A cell of the row read last.</summary>
    /// <exception cref="InvalidDataException">It is not UTF-8.</exception>
    public string this[int column] => Utf8.IsValid(reader.GetSpan(column)) ? reader.GetString(column) : throw NotText();

    /// <exception cref="InvalidDataException">There is no header, or a name stands in it twice.</exception>
    public static CsvFile Open(string path)
    {
        var file = new CsvFile(CsvReader.FromFile(path, Options));
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public int ColumnOf(string name)
    {
        for (int i = 0; i < Header.Count; i++)
            if (Header[i] == name)
                return i;
        throw new InvalidDataException($"its header has no column '{name}'; it has {string.Join(", ", Header.Select(column => $"'{column}'"))}");
    }

    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The row has other cells than the header, or is no text.</exception>
    public bool TryReadRow()
    {
        if (!Guard(reader.Read))
            return false;
        return reader.FieldCount == Header.Count
            ? true
            : throw new InvalidDataException($"line {Line} has {reader.FieldCount} cells, but the header has {Header.Count}");
    }

    public void Dispose() => reader.Dispose();

    private void ReadHeader()
    {
        string[] header = [.. Guard(() => reader.Headers)];
        if (header.Length == 0)
            throw new InvalidDataException("it is empty; the first line must name the columns");
        if (header.Length > MostColumns)
            throw new InvalidDataException($"its header has more than {MostColumns} columns");
        if (Array.Exists(header, name => name.Contains('\uFFFD', StringComparison.Ordinal)))
            throw NotText();
        Header = header;
        if (Header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"its header names the column '{twice.Key}' twice");
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException cause)
        {
            long line = cause.LineNumber > 0 ? cause.LineNumber : reader.LineNumber + 1;
            throw new InvalidDataException($"line {line} has a quote that is not closed or stands in the middle of a cell, or more than {LongestRow} bytes", cause);
        }
    }

    private InvalidDataException NotText() => new($"line {Math.Max(1, Line)} is not text in UTF-8");
}
