namespace QuantBuild.Reporting;

/// <summary>Everything that was done to one model, as it is written to <c>NAME.report.json</c>.</summary>
/// <param name="Schema">Version of this layout.</param>
/// <param name="Settings">Every setting with the value in force.</param>
/// <param name="Accuracy">Null when there was no data to measure on.</param>
internal sealed record QuantizationReport(
    int Schema,
    string Model,
    string Tool,
    string Runtime,
    IReadOnlyDictionary<string, string> Settings,
    SizeReport Size,
    AccuracyReport? Accuracy,
    KernelReport Kernels,
    IReadOnlyList<NodeReport> Nodes,
    IReadOnlyList<ActivationReport> Activations,
    IReadOnlyList<WeightReport> Weights,
    IReadOnlyList<PassReport> Preparation,
    IReadOnlyList<StageReport> Stages,
    long PeakMemoryBytes);

internal sealed record SizeReport(long FloatBytes, long QuantizedBytes, double Ratio);

/// <param name="Drop">Float minus quantized, in the metric's own unit.</param>
/// <param name="DropInterval">95 % confidence interval: lower and upper end.</param>
internal sealed record AccuracyReport(
    string Metric,
    double Float,
    double Quantized,
    double Drop,
    IReadOnlyList<double> DropInterval,
    double? SqnrDecibels,
    long Samples,
    double? MaxAccuracyDrop,
    double? MinAccuracy,
    bool Passed);

/// <param name="IntegerMultiplyAddsShare">Of Conv, Gemm and MatMul, products of two activations included.</param>
internal sealed record KernelReport(int Planned, int Fused, double IntegerMultiplyAddsShare);

/// <param name="Runs"><c>integers</c>, <c>float</c> or <c>unfused</c>.</param>
/// <param name="Reason">Why the node stays float; null otherwise.</param>
/// <param name="SqnrDecibels">Of its output against the float model's; null when it was not measured.</param>
internal sealed record NodeReport(string Name, string Operator, string Runs, string? Reason, double? SqnrDecibels);

/// <param name="Minimum">Smallest value seen.</param>
/// <param name="Maximum">Largest value seen.</param>
internal sealed record ActivationReport(string Name, string Type, float Scale, int ZeroPoint, float? Minimum, float? Maximum, string? SharesParametersOf);

/// <param name="Axis">Of the output channels; null when one scale holds for all.</param>
internal sealed record WeightReport(string Name, string Type, int? Axis, IReadOnlyList<float> Scales);

internal sealed record PassReport(string Pass, int Applied, IReadOnlyList<string> Declined);

internal sealed record StageReport(string Stage, double Milliseconds);
