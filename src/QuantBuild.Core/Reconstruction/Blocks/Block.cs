using QuantBuild.Onnx;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>A part of a graph that everything passes through: what comes in and what goes out is one value.</summary>
/// <param name="Nodes">Each behind the producers of what it reads.</param>
/// <param name="Input">What the nodes before give; null for the first block of a model.</param>
/// <param name="SideInputs">What no weight has touched: the model's own inputs, and what is made of them alone, such as masks.</param>
/// <param name="Weights">Initializers in few bits that only these nodes read.</param>
internal sealed record Block(
    IReadOnlyList<OnnxNode> Nodes, string? Input, IReadOnlyList<string> SideInputs, string Output, IReadOnlyList<string> Weights)
{
    public IReadOnlyList<string> Inputs => Input is null ? SideInputs : [Input, .. SideInputs];
}

/// <summary>A part with weights that is not learned.</summary>
/// <param name="Reason">A sentence.</param>
internal sealed record SkippedPart(string Output, string Reason);

/// <param name="Blocks">In the order of the data.</param>
internal sealed record BlockPlan(IReadOnlyList<Block> Blocks, IReadOnlyList<SkippedPart> Skipped);
