using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Reporting;

/// <summary>Writes reports: indented, UTF-8, fields in the order of the record. Reads what it has written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    MaxDepth = MaxDepth)]
[JsonSerializable(typeof(QuantizationReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Of <see cref="QuantizationReport"/>.</summary>
    public const int Schema = 2;

    /// <summary>A report with histograms of the most layers that it holds has some megabytes.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxDepth = 16;

    public static byte[] Write(QuantizationReport report)
    {
        var readable = new ReportJson(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        return JsonSerializer.SerializeToUtf8Bytes(report, readable.QuantizationReport);
    }

    /// <exception cref="InvalidDataException">It is not a report, or one of a later version; the message says what is wrong.</exception>
    public static QuantizationReport Read(byte[] json)
    {
        if (json.Length > MaxBytes)
            throw new InvalidDataException($"it has {json.Length} bytes, and a report at most {MaxBytes}");
        try
        {
            QuantizationReport report = JsonSerializer.Deserialize(json.AsSpan(WithoutByteOrderMark(json)), Default.QuantizationReport)
                ?? throw new InvalidDataException("it holds null");
            if (report.Schema is < 1 or > Schema)
                throw new InvalidDataException($"it has the layout {report.Schema}, and this version reads 1 to {Schema}");
            return ReportCheck.WhatIsMissing(report) is { } missing ? throw new InvalidDataException($"'{missing}' is missing or null") : report;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"it is not the JSON of a report: {exception.Message}", exception);
        }
    }

    private static int WithoutByteOrderMark(byte[] json) => json is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
}
