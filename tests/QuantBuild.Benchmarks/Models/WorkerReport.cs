using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Benchmarks.Models;

/// <summary>The figures of <c>NAME.report.json</c> that the table shows; what the report lacks is null.</summary>
/// <param name="WithoutReason">Nodes that do not compute in integers, or hold weights of which they do not compute so, and do not say why.</param>
/// <param name="LoadSeconds">Of reading the model.</param>
/// <param name="QuantizingSeconds">All stages but loading the model, measuring its accuracy and looking for the cause of noise.</param>
internal sealed record WorkerReport(
    int? Planned,
    int? Fused,
    WeightedCounts? Weighted,
    IReadOnlyList<string> WithoutReason,
    double LoadSeconds,
    double QuantizingSeconds,
    double PeakMiB)
{
    private const double BytesPerMiB = 1 << 20;

    private const string Load = "load";

    private static readonly string[] Evaluation = ["evaluate", "inspect"];

    public static WorkerReport Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement report = document.RootElement;
        JsonElement kernels = report.GetProperty("kernels");
        JsonElement[] nodes = [.. report.GetProperty("nodes").EnumerateArray()];
        ILookup<string, double> seconds = report.GetProperty("stages").EnumerateArray().ToLookup(
            stage => stage.GetProperty("stage").GetString()!, stage => stage.GetProperty("milliseconds").GetDouble() / 1000);
        return new WorkerReport(
            Count(kernels, "planned"),
            Count(kernels, "fused"),
            kernels.TryGetProperty("weighted", out JsonElement weighted) ? weighted.Deserialize<WeightedCounts>(JsonSerializerOptions.Web) : null,
            [.. nodes.Where(LacksReason).Select(node => node.GetProperty("name").GetString()!)],
            seconds[Load].Sum(),
            seconds.Where(stage => stage.Key != Load && !Evaluation.Contains(stage.Key)).Sum(stage => stage.Sum()),
            report.GetProperty("peakMemoryBytes").GetDouble() / BytesPerMiB);
    }

    private static int? Count(JsonElement kernels, string name) => kernels.TryGetProperty(name, out JsonElement count) ? count.GetInt32() : null;

    private static bool LacksReason(JsonElement node) => Text(node, "runs") is not ("integers" or "dynamic")
        && (Text(node, "reason") is null || (Text(node, "weights") is not null && Text(node, "weightsReason") is null));

    private static string? Text(JsonElement node, string name) => node.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}

/// <summary>The nodes with weights, each counted once: run in integers, with ranges found at every run, or in float with weights in 8
/// bits, in float16 or as they were.</summary>
/// <param name="Nodes">All of them.</param>
internal sealed record WeightedCounts(int Nodes, int Fused, int Dynamic, int Stored8, int Stored16, int KeptFloat)
{
    /// <summary>0 when each node is in one of the counts.</summary>
    [JsonIgnore]
    public int Unaccounted => Nodes - Fused - Dynamic - Stored8 - Stored16 - KeptFloat;

    public override string ToString() => $"{Fused} / {Dynamic} / {Stored8} / {Stored16} / {KeptFloat} of {Nodes}";
}
