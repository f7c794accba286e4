using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuantBuild.Testing;

/// <summary>Holds JSON against a schema of the keywords that <see cref="System.Text.Json.Schema.JsonSchemaExporter"/> writes.</summary>
internal static class JsonSchemaWalker
{
    private static readonly string[] Known =
        ["$schema", "$id", "title", "description", "type", "properties", "required", "items", "additionalProperties", "enum", "default"];

    /// <returns>Each place that does not fit, with why.</returns>
    public static IEnumerable<string> Problems(JsonElement value, JsonNode? schema, string path = "$")
    {
        if (schema is not JsonObject rules)
            return schema is JsonValue allowed && !allowed.GetValue<bool>() ? [$"{path}: nothing may stand here"] : [];
        return rules.Where(rule => !Known.Contains(rule.Key)).Select(rule => $"{path}: the keyword {rule.Key} is not known")
            .Concat(OfType(value, rules, path))
            .Concat(value.ValueKind switch
            {
                JsonValueKind.Object => OfObject(value, rules, path),
                JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Problems(item, rules["items"], $"{path}[{i}]")),
                _ => [],
            });
    }

    private static IEnumerable<string> OfType(JsonElement value, JsonObject rules, string path)
    {
        string[] types = rules["type"] switch
        {
            JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        bool fits = types.Length == 0 || types.Any(type => value.ValueKind switch
        {
            JsonValueKind.Object => type == "object",
            JsonValueKind.Array => type == "array",
            JsonValueKind.String => type == "string",
            JsonValueKind.Number => type == "number" || (type == "integer" && value.TryGetInt64(out _)),
            JsonValueKind.Null => type == "null",
            _ => type == "boolean",
        });
        return fits ? [] : [$"{path}: {value.ValueKind} is none of {string.Join(", ", types)}"];
    }

    private static IEnumerable<string> OfObject(JsonElement value, JsonObject rules, string path)
    {
        foreach (JsonNode? name in rules["required"] as JsonArray ?? [])
            if (!value.TryGetProperty(name!.GetValue<string>(), out _))
                yield return $"{path}: {name} is missing";
        foreach (JsonProperty field in value.EnumerateObject())
        {
            JsonNode? ofField = null;
            bool isNamed = rules["properties"] is JsonObject named && named.TryGetPropertyValue(field.Name, out ofField);
            JsonNode? expected = isNamed ? ofField : rules["additionalProperties"];
            if (!isNamed && rules["properties"] is JsonObject && expected is null)
                yield return $"{path}.{field.Name}: the schema does not name it";
            foreach (string problem in Problems(field.Value, expected, $"{path}.{field.Name}"))
                yield return problem;
        }
    }
}
