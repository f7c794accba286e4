using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = HardSigmoid(Conv(x, W, b); α, β)  →  y = Clip(Conv(x, α·W, α·b + β), 0, 1)
/// </code>
/// for Conv, ConvTranspose and Gemm that nobody else reads, as the gate of a squeeze-excitation is. Rounded once. A Clip costs nothing behind
/// a convolution, in floats and in integers.
/// </summary>
internal sealed class FoldHardSigmoidIntoWeights : IGraphPass
{
    /// <summary>The standard's defaults.</summary>
    private const float DefaultAlpha = 0.2f;

    private const float DefaultBeta = 0.5f;

    public void Run(PassContext context)
    {
        OnnxGraph graph = context.Graph;
        foreach (OnnxNode node in graph.Nodes.Where(node => node.Is("HardSigmoid")).ToArray())
        {
            if (graph.ProducerOf(node.Inputs[0]) is not { } linear || !LinearNode.Covers(linear) || linear.Is("MatMul")
                || graph.IsOutput(linear.Outputs[0]) || graph.ConsumersOf(linear.Outputs[0]).Count > 1)
                continue;
            if (LinearNode.Read(graph, linear, out string? whyNot) is not { } weights)
            {
                context.Decline(node, whyNot!);
                continue;
            }
            if (graph.ConsumersOf(linear.Inputs[1]).Count > 1)
            {
                context.Decline(node, $"the weights of {linear} are shared, and would have to be stored twice");
                continue;
            }
            weights.Fold(
                context.Editor, ChannelAffine.Uniform(node.GetFloat("alpha", DefaultAlpha), node.GetFloat("beta", DefaultBeta),
                    weights.Channels));
            context.Editor.SetOperator(node, "Clip");
            node.RemoveAttribute("alpha");
            node.RemoveAttribute("beta");
            context.Editor.SetInputs(
                node,
                node.Inputs[0],
                context.Editor.AddInitializer($"{node.DisplayName}_low", OnnxTensor.Scalar(0)),
                context.Editor.AddInitializer($"{node.DisplayName}_high", OnnxTensor.Scalar(1)));
            context.CountApplied();
        }
    }
}
