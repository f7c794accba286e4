using System.Text.Json;
using QuantBuild.Settings;

namespace QuantBuild.Cli.CommandLine;

/// <summary>Settings in a JSON object: strings, numbers, truth values, and lists for what has semicolons elsewhere. Comments are allowed.</summary>
internal static class SettingsFile
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="written">The path for messages.</param>
    /// <exception cref="ProblemException">The file cannot be read, or is something else.</exception>
    public static IEnumerable<SettingText> Read(string path, string written)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ProblemException($"the settings in '{written}' are no JSON object. Write one: {{\"Scheme\": \"Static\"}}.");
            return [.. document.RootElement.EnumerateObject().Select(property => new SettingText(property.Name, TextOf(property.Value, property.Name, written)))];
        }
        catch (JsonException exception)
        {
            throw new ProblemException($"the settings in '{written}' are no JSON: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException($"the settings cannot be read: {exception.Message}");
        }
    }

    private static string TextOf(JsonElement value, string name, string written) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "",
        JsonValueKind.Array => string.Join(';', value.EnumerateArray().Select(element => TextOf(element, name, written))),
        _ => throw new ProblemException($"'{name}' in '{written}' is an object. Write a string, a number, true, false, or a list of these."),
    };
}
