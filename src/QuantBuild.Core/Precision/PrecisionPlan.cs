using QuantBuild.Placement;

namespace QuantBuild.Precision;

/// <summary>Parameters of every activation that is quantized.</summary>
/// <param name="Activations">By name of the float value; tied ones hold the same object.</param>
internal sealed record PrecisionPlan(PlacementPlan Placement, IReadOnlyDictionary<string, QuantizationParameters> Activations);
