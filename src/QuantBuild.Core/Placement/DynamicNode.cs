using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>One node that is to run in an integer kernel which finds the range of its activations itself, at every run.</summary>
/// <param name="Graph">The main graph or the body that the node is in; it stores the node's weights.</param>
/// <param name="Kernels">Operators of the optimized graph of which one proves that it does.</param>
/// <param name="Weights">The constant operands, all of them in 8 bits.</param>
internal sealed record DynamicNode(OnnxGraph Graph, OnnxNode Node, IReadOnlyList<string> Kernels, IReadOnlyList<PlannedWeight> Weights);

/// <summary>Either a node for a dynamic kernel or the reason why it is none.</summary>
internal sealed record DynamicVerdict(DynamicNode? Node, string Reason)
{
    public static DynamicVerdict Integers(DynamicNode node) => new(node, "");

    public static DynamicVerdict Float(string reason) => new(null, reason);
}
