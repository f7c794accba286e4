using System.Text.Json.Serialization;
using QuantBuild.Settings;

namespace QuantBuild.Benchmarks.Searches;

/// <summary>One file of one model; what is not measured is null.</summary>
/// <param name="Objective">What was searched for; null for a file that nothing was searched for.</param>
/// <param name="LimitPoints">Drop that was allowed.</param>
/// <param name="Tool"><c>search-exact</c>, <c>search-evolutionary</c>, a scheme of ours, or the name of another tool's file.</param>
internal sealed record SearchesRow(
    string Model, [property: JsonConverter(typeof(JsonStringEnumConverter))] QuantizationObjective? Objective, double? LimitPoints, string Tool)
{
    public const string Exact = "search-exact";

    public const string Evolutionary = "search-evolutionary";

    /// <summary>Limits are met to so many points.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Of the evolutionary search.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seed { get; init; }

    /// <summary>Float minus file: top-1 in percentage points, or hundredths of the cosine similarity for a model that is no classifier.</summary>
    public double? DropPoints { get; init; }

    /// <summary>What the search expected before it measured.</summary>
    public double? PredictedDropPoints { get; init; }

    public long? Bytes { get; init; }

    public long? FloatBytes { get; init; }

    /// <summary>Float latency ÷ file latency, one sample, one thread.</summary>
    public double? LatencyRatioBatch1 { get; init; }

    /// <summary>Candidates that were measured.</summary>
    public int? Evaluations { get; init; }

    public double? Seconds { get; init; }

    /// <summary>How many layers have which form: <c>integers 4 bits ×12</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? Forms { get; init; }

    /// <summary>Mean absolute difference of predicted and measured drop over the candidates, in points.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PredictionErrorPoints { get; init; }

    /// <summary>Why there is no file, or why it was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    [JsonIgnore]
    public bool IsSearch => Tool is Exact or Evolutionary;

    /// <summary>A scheme of ours that all layers have.</summary>
    [JsonIgnore]
    public bool IsPure { get; init; }

    /// <summary>At least two kinds of kernels or of bits.</summary>
    [JsonIgnore]
    public bool IsHybrid => Forms?.Count > 1;

    [JsonIgnore]
    public string? Path { get; init; }

    public bool Keeps(double? limit) => Error is null && DropPoints <= limit + Rounding;

    /// <summary>Of what is searched for; less is better. Null: not measured.</summary>
    public double? Value(QuantizationObjective objective) => objective == QuantizationObjective.Size ? Bytes : 1 / LatencyRatioBatch1;
}
