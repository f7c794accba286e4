using System.Text.Json.Serialization;
using QuantBuild.Benchmarks.Rivals;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>One file of one model, and what its weights are; what is not measured is null.</summary>
/// <param name="File">What every table of files has.</param>
/// <param name="Bits">That most weights have in the file; null when there is no file of another tool to tell it from.</param>
/// <param name="Algorithm">As <see cref="LowBitRecipe"/> names it; for files of other tools the configuration.</param>
internal sealed record LowBitRow([property: JsonIgnore] RivalRow File, int? Bits, string Algorithm)
{
    /// <summary>A file above this share of the float file is no small file, whatever its weights are.</summary>
    private const double LargestRatio = 0.9;

    public string Model => File.Model;

    public string Tool => File.Tool;

    public string Configuration => File.Configuration;

    /// <inheritdoc cref="RivalRow.IntegerShare"/>
    public double? IntegerShare => File.IntegerShare;

    /// <inheritdoc cref="RivalRow.FloatTop1"/>
    public double? FloatTop1 => File.FloatTop1;

    public double? Top1 => File.Top1;

    /// <inheritdoc cref="RivalRow.DropPoints"/>
    public double? DropPoints => File.DropPoints;

    /// <inheritdoc cref="RivalRow.DropInterval"/>
    public IReadOnlyList<double>? DropInterval => File.DropInterval is { } interval ? [interval.Low, interval.High] : null;

    /// <inheritdoc cref="RivalRow.SqnrDb"/>
    public double? SqnrDb => File.SqnrDb;

    /// <inheritdoc cref="RivalRow.Bytes"/>
    public long? Bytes => File.Bytes;

    public long? FloatBytes => File.FloatBytes;

    /// <summary><see cref="Bytes"/> after Brotli at its best level: what a package or a download of the file takes.</summary>
    public long? EntropyBytes { get; init; }

    /// <inheritdoc cref="RivalRow.LatencyRatioBatch1"/>
    public double? LatencyRatioBatch1 => File.LatencyRatioBatch1;

    /// <inheritdoc cref="RivalRow.LatencyRatioBatch1"/>
    public double? LatencyRatioBatch32 => File.LatencyRatioBatch32;

    /// <inheritdoc cref="RivalRow.FloatPasses"/>
    public double? FloatPasses => File.FloatPasses;

    /// <inheritdoc cref="RivalRow.Seconds"/>
    public double? Seconds => File.Seconds;

    /// <inheritdoc cref="RivalRow.PeakMiB"/>
    public double? PeakMiB => File.PeakMiB;

    /// <inheritdoc cref="RivalRow.Error"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error => File.Error;

    [JsonIgnore]
    public bool IsOwn => File.IsOwn;

    [JsonIgnore]
    public double? SizeRatio => (double?)Bytes / FloatBytes;

    /// <summary>Of other tools: not a file that stayed as it was.</summary>
    [JsonIgnore]
    public bool Counts => SizeRatio is not > LargestRatio;

    /// <summary>The model takes pictures: an input of four axes.</summary>
    [JsonIgnore]
    public bool IsOfImages { get; init; }
}
