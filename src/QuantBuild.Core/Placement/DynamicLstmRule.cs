using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>LSTM with constant weights becomes DynamicQuantizeLSTM. The runtime never makes it from other nodes, so that it is written as such.</summary>
internal static class DynamicLstmRule
{
    /// <summary>With fewer weights the float kernel is faster (measured: 0.8 of its speed at 8 thousand weights, 0.9 to 1.25 at 32 thousand,
    /// 1.3 to 2.9 above).</summary>
    private const long FewestWeights = 32 * 1024;

    private static readonly string[] Kernels = ["DynamicQuantizeLSTM"];

    public static DynamicVerdict Judge(OnnxNode node, OnnxGraph graph)
    {
        if (graph.InitializerOf(node.Inputs[1]) is not { ElementType: OnnxElementType.Float, Rank: 3 } input
            || graph.InitializerOf(node.Inputs[2]) is not { ElementType: OnnxElementType.Float, Rank: 3 } recurrent)
            return DynamicVerdict.Float("its weights are not float32 constants");
        if (node.GetInt("layout", 0) != 0)
            return DynamicVerdict.Float("its batch is the first axis (layout), which the integer kernel does not know");
        if (input.Length + recurrent.Length < FewestWeights)
            return DynamicVerdict.Float($"it has only {input.Length + recurrent.Length} weights: finding the ranges of its inputs would take longer than computing it in float");
        return DynamicVerdict.Integers(new DynamicNode(
            graph,
            node,
            Kernels,
            [
                new PlannedWeight(node.Inputs[1], 1, null, ReductionOrder.RecurrentRows),
                new PlannedWeight(node.Inputs[2], 2, null, ReductionOrder.RecurrentRows),
            ]));
    }
}
