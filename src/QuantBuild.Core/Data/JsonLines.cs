using System.Text.Json;

namespace QuantBuild.Data;

/// <summary>A text file with one JSON object a line, keys named like the inputs of the model: <c>{"input_ids":[101,7,102],"labels":1}</c>.
/// Brackets are axes.</summary>
internal sealed class JsonLines : RecordReader
{
    public static readonly SampleFormat Format = new(
        "a .jsonl file (JSON Lines: one object a line, keys named like the inputs)",
        data => data.IsFile && data.Extension is ".jsonl" or ".ndjson",
        (data, request) => new RecordSource(data.File, () => new JsonLines(data.Path), request));

    private const int DeepestJson = 64;

    private const int MostKeys = 10_000;

    private readonly LineReader lines;
    private readonly Dictionary<string, Range> values = new(StringComparer.Ordinal);

    private JsonLines(string path)
    {
        lines = new LineReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
    }

    public override long Line => lines.Number;

    public override IEnumerable<string> Names => values.Keys;

    public override bool TryRead()
    {
        if (!lines.TryRead())
            return false;
        if (IsBlank(lines.Line.Span))
            return EndsHere();
        try
        {
            FindValues();
            return true;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"line {Line} is not a JSON object: {Reason(cause)}", cause);
        }
    }

    public override bool TryGet(string array, RecordValue value)
    {
        if (!values.TryGetValue(array, out Range range))
            return false;
        AddTo(lines.Line.Span[range], value);
        return true;
    }

    /// <exception cref="JsonException">It is not JSON.</exception>
    public static void AddTo(ReadOnlySpan<byte> json, RecordValue value)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestJson });
        while (reader.Read())
            Add(ref reader, value);
    }

    public override void Dispose() => lines.Dispose();

    private static void Add(ref Utf8JsonReader reader, RecordValue value)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                value.OpenBracket();
                break;
            case JsonTokenType.EndArray:
                value.CloseBracket();
                break;
            case JsonTokenType.Number:
                value.AddNumber(reader.ValueSpan);
                break;
            case JsonTokenType.String:
                value.AddText(Text(ref reader));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                value.AddTruth(reader.TokenType == JsonTokenType.True);
                break;
            default:
                throw new InvalidDataException(reader.TokenType == JsonTokenType.Null ? "it holds null" : "it holds an object; only arrays, numbers and strings are data");
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new InvalidDataException("it holds a string that is not Unicode");
        }
    }

    /// <summary>Where the value of each key lies in the line.</summary>
    private void FindValues()
    {
        values.Clear();
        var reader = new Utf8JsonReader(lines.Line.Span, new JsonReaderOptions { MaxDepth = DeepestJson });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new InvalidDataException($"line {Line} is not a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            int first = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!values.TryAdd(key, first..(int)reader.BytesConsumed))
                throw new InvalidDataException($"line {Line} has the key '{TextLine.Of(key, 40)}' twice");
            if (values.Count > MostKeys)
                throw new InvalidDataException($"line {Line} has more than {MostKeys} keys");
        }
        while (reader.Read())
        {
            // What stands behind the object is an error that the reader throws.
        }
    }

    /// <summary>Empty lines are allowed at the end only, so that a line has the number of its sample.</summary>
    private bool EndsHere()
    {
        long first = Line;
        while (lines.TryRead())
            if (!IsBlank(lines.Line.Span))
                throw new InvalidDataException($"line {first} is empty");
        return false;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r"u8).IsEmpty;

    private static string Reason(Exception cause) => cause is JsonException { BytePositionInLine: { } position } ? $"error at byte {position}" : "a key is not Unicode";
}
