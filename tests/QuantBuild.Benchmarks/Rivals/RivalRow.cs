using System.Text.Json.Serialization;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>One file of one model; what is not measured is null.</summary>
/// <param name="Tool"><see cref="Own"/> or the first part of the file's name.</param>
/// <param name="Configuration">Name of the recipe or the rest of the file's name.</param>
internal sealed record RivalRow(string Model, string Tool, string Configuration)
{
    public const string Own = "QuantBuild";

    /// <summary>A file that computes less than this in integers is not an 8-bit file for the comparison.</summary>
    private const double LeastIntegerShare = 0.95;

    /// <summary>Of a file <c>TOOL.CONFIGURATION.onnx</c>.</summary>
    public static RivalRow OfFile(string model, string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string tool = name.Split('.')[0];
        return new RivalRow(model, tool, name[Math.Min(tool.Length + 1, name.Length)..]);
    }

    /// <summary>Of the multiply-adds of the optimized graph: 0 to 1.</summary>
    public double? IntegerShare { get; init; }

    /// <summary>0 to 1; null for a model that is no classifier, and for data without labels.</summary>
    public double? FloatTop1 { get; init; }

    public double? Top1 { get; init; }

    /// <summary>Float minus quantized, in percentage points.</summary>
    public double? DropPoints { get; init; }

    /// <summary>Power of the float outputs over the power of their difference, all outputs and samples added up.</summary>
    public double? SqnrDb { get; init; }

    /// <summary>Of the file and those beside it that hold its weights.</summary>
    public long? Bytes { get; init; }

    public long? FloatBytes { get; init; }

    /// <summary>Float latency ÷ file latency, one sample, one thread.</summary>
    public double? LatencyRatioBatch1 { get; init; }

    /// <inheritdoc cref="LatencyRatioBatch1"/>
    public double? LatencyRatioBatch32 { get; init; }

    /// <summary>Seconds from loading to the last check of the rewritten file, evaluation apart ÷ seconds of one pass of the float model over
    /// the calibration data, measured just before.</summary>
    public double? FloatPasses { get; init; }

    /// <summary>Largest resident memory of the process that quantizes, evaluation included.</summary>
    public double? PeakMiB { get; init; }

    /// <summary>Why there is no file, or why it was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>95 % interval of <see cref="DropPoints"/>, from the same samples with both models.</summary>
    [JsonIgnore]
    public (double Low, double High)? DropInterval { get; init; }

    [JsonIgnore]
    public FileKind Kind { get; init; }

    /// <summary>Of quantizing, evaluation apart.</summary>
    [JsonIgnore]
    public double? Seconds { get; init; }

    /// <summary><see cref="PeakMiB"/> beyond that of a process that does nothing but run the float model.</summary>
    [JsonIgnore]
    public double? BeyondFloatMiB { get; init; }

    [JsonIgnore]
    public bool IsOwn => Tool == Own;

    [JsonIgnore]
    public bool IsInteger => IntegerShare >= LeastIntegerShare;
}
