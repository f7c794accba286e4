using System.Text.Json;

namespace QuantBuild.Benchmarks.Models;

/// <summary>The figures of <c>NAME.report.json</c> that the table shows; what the report lacks is null.</summary>
/// <param name="Weighted">Nodes with weights.</param>
/// <param name="Stored">Of those, nodes that compute in float with stored integers.</param>
/// <param name="Dynamic">Of those, nodes that quantize their input when they run.</param>
/// <param name="WithoutReason">Nodes that do not compute in integers and do not say why.</param>
/// <param name="QuantizingSeconds">All stages but loading the model, measuring its accuracy and looking for the cause of noise.</param>
internal sealed record WorkerReport(
    int? Planned,
    int? Fused,
    int? Weighted,
    int? KeptFloat,
    int? Stored,
    int? Dynamic,
    IReadOnlyList<string> WithoutReason,
    double QuantizingSeconds,
    double PeakMiB)
{
    private const double BytesPerMiB = 1 << 20;

    private static readonly string[] OtherStages = ["load", "evaluate", "inspect"];

    public static WorkerReport Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement report = document.RootElement;
        JsonElement kernels = report.GetProperty("kernels");
        JsonElement[] nodes = [.. report.GetProperty("nodes").EnumerateArray()];
        double milliseconds = report.GetProperty("stages").EnumerateArray()
            .Where(stage => !OtherStages.Contains(stage.GetProperty("stage").GetString()))
            .Sum(stage => stage.GetProperty("milliseconds").GetDouble());
        return new WorkerReport(
            Count(kernels, "planned"),
            Count(kernels, "fused"),
            Count(kernels, "weighted"),
            Count(kernels, "keptFloat"),
            Count(kernels, "stored"),
            Count(kernels, "dynamic"),
            [.. nodes.Where(LacksReason).Select(node => node.GetProperty("name").GetString()!)],
            milliseconds / 1000,
            report.GetProperty("peakMemoryBytes").GetDouble() / BytesPerMiB);
    }

    private static int? Count(JsonElement kernels, string name) => kernels.TryGetProperty(name, out JsonElement count) ? count.GetInt32() : null;

    private static bool LacksReason(JsonElement node) =>
        node.GetProperty("runs").GetString() is not "integers" && !(node.TryGetProperty("reason", out JsonElement reason) && reason.GetString() is { Length: > 0 });
}
