using System.Text.Json.Serialization;

namespace QuantBuild.Benchmarks.Rivals;

/// <param name="Without">The step that is switched off; <c>none</c> and <c>all</c> for the two ends.</param>
internal sealed record AblationRow(
    string Model, string Granularity, string Without, double? SqnrDb, double? DropPoints, double? IntegerShare, double? FloatPasses)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
