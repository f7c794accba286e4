using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Gemm with constant weights becomes QGemm, with float output when nothing behind it wants integers.</summary>
internal sealed class GemmRule : IPlacementRule
{
    public bool Covers(OnnxNode node) => node.Is("Gemm");

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        if (!context.Facts.IsFloat(node.Inputs[0]))
            return PlacementVerdict.Float("its input is not float32");
        if (context.Graph.InitializerOf(node.Inputs[1]) is not { ElementType: OnnxElementType.Float, Rank: 2 } weight)
            return PlacementVerdict.Float("its weights are not a float32 constant");
        if (node.GetInt("transA", 0) != 0)
            return PlacementVerdict.Float("it transposes its input (transA)");
        if (node.GetFloat("alpha", 1) != 1)
            return PlacementVerdict.Float("it scales the product (alpha)");

        bool transposed = node.GetInt("transB", 0) != 0;
        long channels = weight.Shape[transposed ? 0 : 1];
        PlannedBias? bias = null;
        if (node.Input(2) is { } biasName)
        {
            if (node.GetFloat("beta", 1) != 1)
                return PlacementVerdict.Float("it scales its bias (beta)");
            if (!BiasShape.Fits(context.Graph.InitializerOf(biasName), channels))
                return PlacementVerdict.Float("its bias is not a constant with one value per output channel");
            bias = new PlannedBias(biasName, node, 2);
        }

        return AbsorbedActivation.Product(new PlannedNode(
            node,
            FusionCatalogue.Row("Gemm").Kernels,
            [0],
            new PlannedWeight(node.Inputs[1], 1, transposed ? 0 : 1, transposed ? ReductionOrder.MatrixColumns : ReductionOrder.MatrixRows),
            bias,
            [],
            node.Outputs[0],
            QuantizesOutput: MergesWithReader(node, context.Graph)), context.Graph);
    }

    /// <summary>The runtime turns the operands of a Gemm with only a Transpose behind it, and adds to one without a bias what a Sum adds;
    /// neither has an integer form. A quantized output stands between the two.</summary>
    private static bool MergesWithReader(OnnxNode node, OnnxGraph graph) =>
        !graph.IsOutput(node.Outputs[0]) && graph.ConsumersOf(node.Outputs[0]) is [{ Domain: "", OpType: "Transpose" or "Sum" }];
}
