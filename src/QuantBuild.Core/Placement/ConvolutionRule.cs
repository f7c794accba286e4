using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Conv, 1-D to 3-D, grouped and depthwise, becomes QLinearConv when its output is quantized as well.</summary>
internal sealed class ConvolutionRule : IPlacementRule
{
    public bool Covers(OnnxNode node) => node.Is("Conv");

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        if (!context.Facts.IsFloat(node.Inputs[0]))
            return PlacementVerdict.Float("its input is not float32");
        if (context.Graph.InitializerOf(node.Inputs[1]) is not { ElementType: OnnxElementType.Float } weight)
            return PlacementVerdict.Float("its weights are not a float32 constant");
        PlannedBias? bias = null;
        if (node.Input(2) is { } biasName)
        {
            if (context.Graph.InitializerOf(biasName) is not { ElementType: OnnxElementType.Float, Rank: 1 })
                return PlacementVerdict.Float("its bias is not a constant");
            bias = new PlannedBias(biasName, node, 2);
        }

        OnnxNode? activation = AbsorbedActivation.Behind(node.Outputs[0], context.Graph);
        return PlacementVerdict.Anchor(new PlannedNode(
            node,
            FusionCatalogue.Row("Conv").Kernels,
            [0],
            new PlannedWeight(node.Inputs[1], 1, 0, IsDepthwise(node, weight) ? ReductionOrder.Single : ReductionOrder.ConvolutionChannelsLast),
            bias,
            activation is null ? [] : [activation],
            activation?.Outputs[0] ?? node.Outputs[0],
            QuantizesOutput: true));
    }

    /// <remarks>The runtime's depthwise kernel widens every product to 32 bits (measured: exact on AVX2).</remarks>
    private static bool IsDepthwise(OnnxNode node, OnnxTensor weight) =>
        node.GetInt("group", 1) is > 1 and var groups && weight.Shape[1] == 1 && weight.Shape[0] == groups;
}
