using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>
/// The sum that runs through all blocks of a transformer:
/// <code>
/// s = Add(s, Block(LayerNormalization(s)))        before the block
/// s = LayerNormalization(Add(s, Block(s)))        or behind it
/// </code>
/// Either way a normalization reads it, in float, and a few of its channels are far larger than the rest. The sums of convolutional nets are
/// read by convolutions: their normalizations were folded into these.
/// </summary>
internal static class ResidualStream
{
    public static bool IsCarriedBy(OnnxNode node, OnnxGraph graph) =>
        node.Is("Add") && graph.ConsumersOf(node.Outputs[0]).Any(reader => IsNormalization(reader, node.Outputs[0], graph));

    private static bool IsNormalization(OnnxNode reader, string value, OnnxGraph graph) =>
        reader.OpType is "LayerNormalization" or "RMSNormalization" or "SimplifiedLayerNormalization" or "SkipLayerNormalization"
        || IsDecomposed(reader, value, graph);

    /// <summary>ReduceMean(x), and behind it x − mean.</summary>
    private static bool IsDecomposed(OnnxNode reader, string value, OnnxGraph graph) =>
        reader.Is("ReduceMean")
        && graph.ConsumersOf(reader.Outputs[0]).Any(difference => difference.Is("Sub") && difference.Inputs.Contains(value));
}
