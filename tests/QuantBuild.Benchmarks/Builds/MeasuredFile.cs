using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>One quantized file and everything that was measured of it; what is not known is null.</summary>
/// <param name="Drop">Float minus quantized, in the metric's own unit.</param>
/// <param name="DropPoints">The same in percentage points; null unless the metric is top-1.</param>
/// <param name="SizeRatio">File ÷ float.</param>
/// <param name="Fused">Planned nodes that run in integers; for files of other tools the nodes of the optimized graph that do.</param>
/// <param name="Planned">Nodes that were meant to run in integers; other tools do not say.</param>
/// <param name="LatencyRatioBatch1">Float latency ÷ file latency.</param>
/// <param name="Seconds">Of the whole <c>dotnet build</c>.</param>
/// <param name="Report">What the build said of the same file.</param>
internal sealed record MeasuredFile(
    string Model,
    string Tool,
    string File,
    string Metric,
    double Float,
    double Quantized,
    double Drop,
    double? DropPoints,
    IReadOnlyList<double> DropInterval,
    double SqnrDb,
    long FloatBytes,
    long FileBytes,
    double SizeRatio,
    int Fused,
    int? Planned,
    int IntegerNodes,
    int LeftoverConversions,
    double? IntegerShare,
    double LatencyRatioBatch1,
    double LatencyRatioBatch32,
    double? Seconds,
    double? PeakMiB,
    ReportedFigures? Report)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // A file whose outputs equal the float model's has an infinite ratio.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write(string path, IReadOnlyList<MeasuredFile> files) =>
        System.IO.File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(files, Json));
}

/// <summary>Figures of <c>NAME.report.json</c>.</summary>
/// <param name="StageSeconds">Of the worker, by stage.</param>
internal sealed record ReportedFigures(
    string Metric,
    double Float,
    double Quantized,
    double Drop,
    IReadOnlyList<double> DropInterval,
    double? SqnrDb,
    double SizeRatio,
    int Fused,
    int Planned,
    double IntegerShare,
    double PeakMiB,
    IReadOnlyDictionary<string, double> StageSeconds);
