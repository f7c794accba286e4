using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Reporting;

/// <summary>Writes counts in one line, where indented JSON has a line for each.</summary>
internal sealed class CountsConverter : JsonConverter<IReadOnlyList<long>>
{
    public override IReadOnlyList<long> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("counts are an array");
        var counts = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            counts.Add(reader.TryGetInt64(out long count) ? count : throw new JsonException("a count is a whole number"));
        return counts;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<long> value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"[{string.Join(',', value.Select(count => count.ToString(CultureInfo.InvariantCulture)))}]");
}
