using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Reporting;

/// <summary>Writes reports: indented, UTF-8, fields in the order of the record.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QuantizationReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static byte[] Write(QuantizationReport report)
    {
        var readable = new ReportJson(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        return JsonSerializer.SerializeToUtf8Bytes(report, readable.QuantizationReport);
    }
}
