using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Costs;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Which float constants of a model, bodies included, are written in few bits.</summary>
/// <param name="Weights">By the graph of the prepared model that stores it and its name there.</param>
internal sealed record LowBitStorage(IReadOnlyDictionary<ConstantKey, LowBitConstant> Weights)
{
    public static LowBitStorage Nothing { get; } = new(new Dictionary<ConstantKey, LowBitConstant>());

    /// <summary>The nodes of a graph that multiply by packed codes.</summary>
    public IReadOnlyDictionary<OnnxNode, PackedProduct> ProductsOf(OnnxGraph graph) => Weights
        .Where(weight => weight.Key.Graph == graph && weight.Value.Product is not null)
        .SelectMany(weight => graph.ConsumersOf(weight.Key.Name).Select(node => (Node: node, Product: weight.Value.Product!.Value)))
        .ToDictionary(product => product.Node, product => product.Product);
}

/// <param name="Form">One that <see cref="LowBitForms.Of"/> names and that can hold the grid.</param>
internal sealed record LowBitConstant(LowBitWeight Weight, LowBitForm Form)
{
    /// <summary>Of MatMulNBits: 0 and 1 compute in float32; 4 rounds activations to 8 bits, block by block, and computes in integers.</summary>
    public int AccuracyLevel { get; init; } = LowBitFormChooser.IntegerLevel;

    /// <summary>How nodes compute with it; null where it becomes floats at load, or is no matrix.</summary>
    public PackedProduct? Product => Form is LowBitForm.MatMulNBits or LowBitForm.BlockedDequantize
        ? new PackedProduct(
            Weight.Grid.Bits, LowBitForms.ProductBlock(Weight.Grid.Columns, Weight.Grid.BlockColumns)!.Value, AccuracyLevel)
        : null;
}
