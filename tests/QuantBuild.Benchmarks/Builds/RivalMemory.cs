using System.Text.Json;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>Peak memory of the other tools, from the bench folder's <c>results.json</c>: an array of objects with <c>model</c>,
/// <c>rival</c>, <c>config</c> and <c>peak_rss_mib</c>.</summary>
internal static class RivalMemory
{
    /// <param name="file">As <see cref="BenchModel.Rivals"/> names it: <c>TOOL.CONFIGURATION.onnx</c>.</param>
    /// <returns>Null when it was not measured.</returns>
    public static double? PeakMiB(string bench, string model, string file)
    {
        string path = Path.Combine(bench, "results.json");
        if (!File.Exists(path))
            return null;
        using JsonDocument results = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonElement row in results.RootElement.EnumerateArray())
            if (Text(row, "model") == model
                && $"{Text(row, "rival")}.{Text(row, "config")}.onnx" == file
                && row.TryGetProperty("peak_rss_mib", out JsonElement peak)
                && peak.ValueKind == JsonValueKind.Number)
                return peak.GetDouble();
        return null;
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
