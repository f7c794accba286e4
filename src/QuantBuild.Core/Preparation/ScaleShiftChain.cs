using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>Nodes one behind the other that together scale and shift the channels of an activation: BatchNormalization, and arithmetic with
/// constants.</summary>
/// <param name="Nodes">Each but the last is read by the next one only.</param>
/// <param name="Input">What the first reads: [N, channels, …].</param>
internal sealed record ScaleShiftChain(IReadOnlyList<OnnxNode> Nodes, string Input, int Rank, ChannelAffine Affine)
{
    public string Output => Nodes[^1].Outputs[0];

    /// <summary>All chains of a graph, none of which could be longer.</summary>
    public static IReadOnlyList<ScaleShiftChain> FindAll(OnnxGraph graph, StaticFacts facts)
    {
        var chains = new List<ScaleShiftChain>();
        var seen = new HashSet<OnnxNode>();
        foreach (OnnxNode first in graph.Nodes)
        {
            ScaleShiftChain? chain = null;
            for (OnnxNode? node = first; node is not null && !seen.Contains(node) && Extend(chain, node, graph, facts) is { } longer;)
            {
                chain = longer;
                seen.Add(node);
                node = graph.IsOutput(node.Outputs[0]) || graph.ConsumersOf(node.Outputs[0]) is not [var next] ? null : next;
            }
            if (chain is not null)
                chains.Add(chain);
        }
        return chains;
    }

    private static ScaleShiftChain? Extend(ScaleShiftChain? chain, OnnxNode node, OnnxGraph graph, StaticFacts facts)
    {
        ConstantArithmetic? arithmetic = ConstantArithmetic.Of(graph, node);
        bool normalizes = node.Is("BatchNormalization") && !ChannelAffine.Trains(node);
        if (!normalizes && arithmetic is null)
            return null;
        string input = arithmetic?.Value ?? node.Inputs[0];
        if (facts.ShapeOf(chain?.Input ?? input) is not { Length: > 2 } shape || (arithmetic?.Constant.Rank ?? 0) > shape.Length)
            return null;
        ChannelAffine? affine = normalizes
            ? ChannelAffine.OfNormalization(graph, node)
            : shape[1].IsKnown ? ChannelAffine.OfArithmetic(arithmetic!, shape[1].Value, shape.Length - 2) : null;
        affine = affine is null ? null : chain is null ? affine : chain.Affine.Then(affine);
        return affine is null ? null : new ScaleShiftChain([.. chain?.Nodes ?? [], node], chain?.Input ?? input, shape.Length, affine);
    }
}
