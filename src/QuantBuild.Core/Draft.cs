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
