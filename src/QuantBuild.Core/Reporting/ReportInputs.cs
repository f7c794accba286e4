using QuantBuild.Calibration;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Precision;
using QuantBuild.Preparation;
using QuantBuild.Reconstruction;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild.Reporting;

/// <summary>What the stages handed over.</summary>
internal sealed record ReportInputs(
    QuantizationSettings Settings,
    EngineIdentity Engine,
    OnnxModel Original,
    PreparedModel Prepared,
    TensorFacts Facts,
    PrecisionPlan Precision,
    CalibrationTable Table,
    WeightCodes Codes,
    QuantizedModel Quantized,
    FusionReport Fusion,
    AccuracyComparison? Accuracy,
    IReadOnlyList<RecoveryOutcome> Recovery,
    IReadOnlyList<NodeNoise> Noise,
    double EstimatedCost,
    SearchReport? Search);
