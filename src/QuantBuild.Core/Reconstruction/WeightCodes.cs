using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction;

/// <summary>The integers of all weights and biases.</summary>
/// <param name="Weights">By what was quantized; nodes that share a weight share its codes.</param>
/// <param name="Biases">By index into <see cref="PlacementPlan.Nodes"/>.</param>
/// <param name="Constants">Operands that are read as activations are, by name of the value.</param>
internal sealed record WeightCodes(
    IReadOnlyDictionary<PlannedWeight, QuantizedWeight> Weights,
    IReadOnlyDictionary<int, int[]> Biases,
    IReadOnlyDictionary<string, QuantizedConstant> Constants)
{
    /// <summary>By index into <see cref="PlacementPlan.Nodes"/>: what was added to the float bias before it was rounded, per output channel.</summary>
    public IReadOnlyDictionary<int, float[]> BiasCorrections { get; init; } = new Dictionary<int, float[]>();

    /// <summary>By index into <see cref="PlacementPlan.DynamicNodes"/>, then into its weights.</summary>
    public IReadOnlyList<IReadOnlyList<QuantizedWeight>> Dynamic { get; init; } = [];
}

/// <param name="Codes">Unsigned, in the order of the float tensor.</param>
internal sealed record QuantizedConstant(byte[] Codes, QuantizationParameters Parameters);

/// <summary>A weight as signed 8-bit codes, symmetric: <c>value ≈ code · scale</c>.</summary>
/// <param name="Codes">Int8, of the shape of the float tensor.</param>
/// <param name="Scales">One per output channel, or one for the whole tensor.</param>
internal sealed record QuantizedWeight(OnnxTensor Codes, float[] Scales)
{
    /// <summary>The codes in fewer bits, as they are stored: its values are <see cref="Codes"/>, whole numbers. Null: stored as they are.</summary>
    public LowBitWeight? Packed { get; init; }
}
