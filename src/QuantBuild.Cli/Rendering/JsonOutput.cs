using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuantBuild.Diagnostics;

namespace QuantBuild.Cli.Rendering;

/// <summary>What <c>--json</c> writes, of every command.</summary>
/// <param name="Failure">What ended the command, where no code says it; null otherwise.</param>
/// <param name="Result">What the command is for; null when it failed.</param>
internal sealed record CommandEnvelope(string Command, int ExitCode, IReadOnlyList<JsonDiagnostic> Diagnostics, string? Failure, object? Result);

internal sealed record JsonDiagnostic(string Severity, string Code, string Message, string? Setting)
{
    public static JsonDiagnostic Of(Diagnostic diagnostic) => new(
        DiagnosticText.WordOf(diagnostic.Severity), diagnostic.Code, diagnostic.Message, diagnostic.Origin?.Setting);
}

/// <summary>Indented JSON with names in camel case. Numbers that JSON does not have are null.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new FiniteNumbers() },
    };

    public static void Write(TextWriter output, CommandEnvelope envelope)
    {
        output.Write(JsonSerializer.Serialize(envelope, Options));
        output.Write('\n');
    }

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
