using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Benchmarks.Models;

/// <summary>One file of one model; what is not known is null.</summary>
/// <param name="Tool"><c>float</c> for a second session of the float file: how far its ratios are from 1 is the noise of the measurement.</param>
/// <param name="Objective">Of quantbuild's files.</param>
internal sealed record ModelRow(string Model, string Tool, string File, string? Objective)
{
    public const string Float = "float";

    public const string Own = "quantbuild";

    public const string Latency = "Latency";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // A file whose outputs equal the float model's has an infinite ratio.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary><c>real: …</c> or <c>noise: …</c>: what was calibrated and validated with.</summary>
    public required string Data { get; init; }

    /// <summary>Of the float model, bodies of control flow included, constants not.</summary>
    public required int Nodes { get; init; }

    /// <summary>The same nodes, counted by operator.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>Nodes that were meant to run in integers; other tools do not say.</summary>
    public int? Planned { get; init; }

    /// <summary>Planned nodes that do; for files of other tools the nodes of the optimized graph that do.</summary>
    public int? Fused { get; init; }

    /// <summary>Nodes of the float file that compute with weights, counted here.</summary>
    public required int WeightedInFloat { get; init; }

    /// <summary>What became of them, as the report tells it.</summary>
    public WeightedCounts? Weighted { get; init; }

    /// <summary>Of those, the ones that compute in float with weights as they were.</summary>
    public int? KeptFloat => Weighted?.KeptFloat;

    /// <summary>Nodes that do not compute in integers and do not say why.</summary>
    public IReadOnlyList<string>? WithoutReason { get; init; }

    /// <summary>Nodes of the optimized graph that calculate in integers.</summary>
    public int? IntegerNodes { get; init; }

    /// <summary>Nodes of the optimized graph that only convert.</summary>
    public int? LeftoverConversions { get; init; }

    /// <summary>Of the multiply-adds.</summary>
    public double? IntegerShare { get; init; }

    public long? FileBytes { get; init; }

    /// <summary>File ÷ float.</summary>
    public double? SizeRatio { get; init; }

    public string? MetricName { get; init; }

    /// <summary>Of the file.</summary>
    public double? Metric { get; init; }

    public double? MetricFloat { get; init; }

    public double? SqnrDb { get; init; }

    /// <summary>Of the output that lost most.</summary>
    public double? SqnrDbWorstOutput { get; init; }

    /// <summary>Float latency ÷ file latency: one sample, one thread, all files of the model interleaved.</summary>
    public double? LatencyRatio { get; init; }

    public IReadOnlyList<double>? LatencyRatioQuartiles { get; init; }

    public double? LatencyRatioBatch32 { get; init; }

    public double? LatencyMilliseconds { get; init; }

    /// <summary>The fastest of the float file and the other tools' files.</summary>
    public string? Fastest { get; init; }

    /// <summary>Latency of the fastest ÷ file latency.</summary>
    public double? LatencyRatioToFastest { get; init; }

    public IReadOnlyList<double>? LatencyRatioToFastestQuartiles { get; init; }

    /// <summary>Seconds of quantizing, without loading, measuring accuracy and looking for the cause of noise ÷ seconds of one pass of the
    /// float model over the calibration data.</summary>
    public double? FloatPasses { get; init; }

    public double? QuantizingSeconds { get; init; }

    public double? PeakMiB { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Why there is no file, or why it was not measured.</summary>
    public string? Error { get; init; }

    [JsonIgnore]
    public bool IsOwn => Tool == Own;

    [JsonIgnore]
    public bool IsOwnLatency => IsOwn && Objective == Latency;

    [JsonIgnore]
    public string Label => Objective is null ? File : $"{File}, {Objective}";

    public static void Write(string path, IReadOnlyList<ModelRow> rows) =>
        System.IO.File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(rows, Json));
}
