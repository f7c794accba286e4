using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Which float constants of a model, bodies included, are written in few bits.</summary>
/// <param name="Weights">By the graph of the prepared model that stores it and its name there.</param>
internal sealed record LowBitStorage(IReadOnlyDictionary<ConstantKey, LowBitConstant> Weights)
{
    public static LowBitStorage Nothing { get; } = new(new Dictionary<ConstantKey, LowBitConstant>());

    /// <summary>Of MatMulNBits: 0 computes in float32; 4 rounds activations to 8 bits, block by block, and computes in integers.</summary>
    public int AccuracyLevel { get; init; } = 4;
}

/// <param name="Form">One that <see cref="LowBitForms.Of"/> names and that can hold the grid.</param>
internal sealed record LowBitConstant(LowBitWeight Weight, LowBitForm Form);
