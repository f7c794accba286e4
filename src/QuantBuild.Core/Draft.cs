using QuantBuild.Calibration;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;

namespace QuantBuild;

/// <summary>A float model that computes what the prepared one does, with what calibration showed of it.</summary>
internal sealed record Draft(OnnxModel Model, TensorFacts Facts, PlacementPlan Placement, CalibrationTable Table);

/// <summary>A draft with everything that is needed to write it.</summary>
internal sealed record Candidate(Draft Draft, PrecisionPlan Precision, WeightCodes Codes);

/// <summary>What a step that may help did.</summary>
/// <param name="Kept">False when it was tried and dropped, or found nothing to do.</param>
/// <param name="Without">Signal-to-noise ratio of the outputs on held-out calibration samples, in decibels; null when it was not tried.</param>
/// <param name="With">The same with the step.</param>
internal sealed record RecoveryOutcome(string Step, bool Kept, double? Without, double? With);
