using System.Text.Json.Serialization;

namespace QuantBuild.Reporting;

/// <summary>Everything that was done to one model, as it is written to <c>NAME.report.json</c>.</summary>
/// <param name="Schema">Version of this layout.</param>
/// <param name="Processor">Class of the processors on which exactly this is made.</param>
/// <param name="FromCache">True when an earlier build made this, whose stages the report tells.</param>
/// <param name="Settings">Every setting with the value in force.</param>
/// <param name="Accuracy">Null when there was no data to measure on.</param>
/// <param name="Search">Null when nothing was searched in this build.</param>
/// <param name="Layers">Node → form that a search has chosen: <c>Integer4</c>; null when the settings left nothing to search.</param>
/// <param name="MaskInput">The input that marks padding, which no range is measured on; null when there is none.</param>
/// <param name="WrittenSettings">Those of <paramref name="Settings"/> that the project sets; all others have their defaults.</param>
/// <param name="TimedKernels">With <c>TargetProfile=Machine</c> kernel → how many times longer than on x64 with 8-bit dot products it takes, in float and in
/// integers; otherwise null.</param>
internal sealed record QuantizationReport(
    int Schema,
    string Model,
    string Tool,
    string Runtime,
    string Processor,
    bool FromCache,
    IReadOnlyDictionary<string, string> Settings,
    SizeReport Size,
    AccuracyReport? Accuracy,
    KernelReport Kernels,
    IReadOnlyList<NodeReport> Nodes,
    string? MaskInput,
    IReadOnlyList<ActivationReport> Activations,
    IReadOnlyList<WeightReport> Weights,
    IReadOnlyList<RecoveryReport> Recovery,
    IReadOnlyList<PassReport> Preparation,
    IReadOnlyList<StageReport> Stages,
    long PeakMemoryBytes,
    SearchReport? Search = null,
    IReadOnlyDictionary<string, string>? Layers = null,
    IReadOnlyList<string>? WrittenSettings = null,
    IReadOnlyDictionary<string, string>? TimedKernels = null);

/// <param name="CompressedBytes">Of the quantized model in a package that is compressed, measured with Brotli.</param>
internal sealed record SizeReport(long FloatBytes, long QuantizedBytes, double Ratio, long CompressedBytes);

/// <param name="Drop">How much worse the quantized model is, in the metric's own unit.</param>
/// <param name="DropInterval">95 % confidence interval: lower and upper end; null where the samples cannot tell.</param>
/// <param name="LowerIsBetter">True for errors, null for other metrics.</param>
/// <param name="Slices">Null when there are none.</param>
internal sealed record AccuracyReport(
    string Metric,
    double Float,
    double Quantized,
    double Drop,
    IReadOnlyList<double?> DropInterval,
    double? SqnrDecibels,
    long Samples,
    double? MaxAccuracyDrop,
    double? MinAccuracy,
    bool Passed,
    double? MaxError = null,
    bool? LowerIsBetter = null,
    IReadOnlyList<SliceReport>? Slices = null);

/// <summary>A part of the samples. Its values are null where they have no such metric.</summary>
internal sealed record SliceReport(string Name, long Samples, double? Float, double? Quantized, double? Drop, IReadOnlyList<double?> DropInterval);

/// <param name="IntegerMultiplyAddsShare">Of Conv, Gemm and MatMul, products of two activations included.</param>
/// <param name="Planned">Nodes that were to run in integer kernels, with calibrated ranges or with ranges found at every run.</param>
/// <param name="Fused">Those of them that the runtime does run so.</param>
/// <param name="EstimatedCost">Estimated time of a run on processors of the target profile, conversions included, over that of the float model; 1 where
/// nothing is known of the work.</param>
internal sealed record KernelReport(int Planned, int Fused, double IntegerMultiplyAddsShare, WeightedReport Weighted, double EstimatedCost);

/// <summary>The nodes of all graphs that compute with a float constant of two axes or more: products, convolutions, recurrent nodes, tables of embeddings.
/// Each is counted once.</summary>
/// <param name="Nodes">The sum of all that follow.</param>
/// <param name="Fused">Run in integers, with calibrated ranges.</param>
/// <param name="Dynamic">Run in integers, with ranges found at every run.</param>
/// <param name="Stored8">Compute in float, with weights that are stored in 8 bits or less.</param>
/// <param name="Stored16">Compute in float, with weights of which some are stored as float16.</param>
/// <param name="KeptFloat">Compute in float, with weights of which some are stored as float32.</param>
internal sealed record WeightedReport(int Nodes, int Fused, int Dynamic, int Stored8, int Stored16, int KeptFloat);

/// <param name="Runs"><c>integers</c>, <c>dynamic</c> (integers, with ranges found at every run), <c>float</c> or <c>unfused</c>.</param>
/// <param name="Reason">Why the node stays float; null otherwise.</param>
/// <param name="SqnrDecibels">Of its output against the float model's; null when it was not measured.</param>
/// <param name="Weights">How the file holds its weights: <c>int8</c>, <c>int4</c> and the like, <c>float16</c> or <c>float32</c>, the widest of them; null for a node without weights.</param>
/// <param name="WeightsReason">Why they are stored so; null for those of integer kernels. With Scheme=Float16, which other constant of a node keeps 32 bits, and why.</param>
/// <param name="WeightBytes">Of their codes and scales, or of their floats; what several nodes read counts for each.</param>
internal sealed record NodeReport(
    string Name,
    string Operator,
    string Runs,
    string? Reason,
    double? SqnrDecibels,
    string? Weights = null,
    string? WeightsReason = null,
    long? WeightBytes = null)
{
    /// <summary>The value that leaves the node in the float model; null when it is not in the file that ships.</summary>
    public string? Output { get; init; }

    /// <summary>The name of that value in the file that ships.</summary>
    public string? ShippedOutput { get; init; }
}

/// <param name="Minimum">Smallest value seen.</param>
/// <param name="Maximum">Largest value seen.</param>
/// <param name="Histogram">Of the values seen; null for what has none of its own, and beyond the <see cref="Histograms.MostTensors"/> of most values.</param>
internal sealed record ActivationReport(
    string Name,
    string Type,
    float Scale,
    int ZeroPoint,
    float? Minimum,
    float? Maximum,
    string? SharesParametersOf,
    HistogramReport? Histogram = null);

/// <param name="Type">Of its codes: <c>Int8</c>, or <c>Int4</c> and the like where they are stored in fewer bits.</param>
/// <param name="Axis">Of the output channels; null when one scale holds for all, and where several axes make a channel.</param>
/// <param name="Scales">Empty where there are more than <see cref="WeightRows.MostScales"/>.</param>
/// <param name="ComputesInFloat">True when its codes become floats before something is computed with them; otherwise null.</param>
/// <param name="Values">How many weights there are.</param>
/// <param name="ScaleCount">How many scales there are.</param>
/// <param name="SqnrDecibels">What is kept of them; null when they are kept exactly.</param>
/// <param name="Float">Of the weights; null beyond the <see cref="Histograms.MostTensors"/> of most values.</param>
/// <param name="Quantized">Of what the codes stand for, in the same bins.</param>
internal sealed record WeightReport(
    string Name,
    string Type,
    int? Axis,
    IReadOnlyList<float> Scales,
    bool? ComputesInFloat = null,
    long Values = 0,
    int ScaleCount = 0,
    double? SqnrDecibels = null,
    HistogramReport? Float = null,
    HistogramReport? Quantized = null);

/// <summary>Counts of values in at most <see cref="Histograms.MostBins"/> bins of the same width.</summary>
/// <param name="From">Lower end of the first bin.</param>
/// <param name="To">Upper end of the last bin.</param>
/// <param name="EveryNth">Not all values were counted but every so manieth; null when all were.</param>
internal sealed record HistogramReport(
    float From,
    float To,
    [property: JsonConverter(typeof(CountsConverter))] IReadOnlyList<long> Counts,
    int? EveryNth = null);

/// <param name="Step">Name of the setting.</param>
/// <param name="Kept">False when it was tried and dropped, or found nothing to do.</param>
/// <param name="WithoutDecibels">Signal-to-noise ratio of the outputs on held-out calibration samples; null when it was not tried.</param>
/// <param name="Reason">Why it was not tried, though it was asked for; null otherwise.</param>
internal sealed record RecoveryReport(string Step, bool Kept, double? WithoutDecibels, double? WithDecibels, string? Reason = null);

internal sealed record PassReport(string Pass, int Applied, IReadOnlyList<string> Declined);

internal sealed record StageReport(string Stage, double Milliseconds);
