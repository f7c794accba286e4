using System.Text.Json;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>What quantizing cost the other tools, from the bench folder's <c>results.json</c>: an array of objects with <c>model</c>,
/// <c>rival</c>, <c>config</c>, <c>peak_rss_mib</c> and <c>float_passes</c>.</summary>
internal static class RivalResults
{
    /// <param name="file">As <see cref="BenchModel.Rivals"/> names it: <c>TOOL.CONFIGURATION.onnx</c>.</param>
    /// <returns>Null when it was not measured.</returns>
    public static double? PeakMiB(string bench, string model, string file) => Number(bench, model, file, "peak_rss_mib");

    /// <summary>Seconds of quantizing ÷ seconds of one float pass over the calibration data.</summary>
    /// <inheritdoc cref="PeakMiB"/>
    public static double? FloatPasses(string bench, string model, string file) => Number(bench, model, file, "float_passes");

    private static double? Number(string bench, string model, string file, string name)
    {
        string path = Path.Combine(bench, "results.json");
        if (!File.Exists(path))
            return null;
        using JsonDocument results = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonElement row in results.RootElement.EnumerateArray())
            if (Text(row, "model") == model
                && $"{Text(row, "rival")}.{Text(row, "config")}.onnx" == file
                && row.TryGetProperty(name, out JsonElement value)
                && value.ValueKind == JsonValueKind.Number)
                return value.GetDouble();
        return null;
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
