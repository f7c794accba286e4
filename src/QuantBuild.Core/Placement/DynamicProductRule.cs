using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>MatMul and Gemm with constant weights become DynamicQuantizeMatMul, or MatMulIntegerToFloat where several products share their input.</summary>
internal static class DynamicProductRule
{
    /// <summary>With fewer weights the float kernel is done before the range of the input is known (measured: 0.8 of its speed at 64 × 64,
    /// 0.9 to 1.5 at 128 × 128, 1.2 to 3 above).</summary>
    private const long FewestWeights = 128 * 128;

    private static readonly string[] Kernels = ["DynamicQuantizeMatMul", "MatMulIntegerToFloat"];

    public static DynamicVerdict Judge(OnnxNode node, OnnxGraph graph)
    {
        if (graph.InitializerOf(node.Inputs[1]) is not { ElementType: OnnxElementType.Float } weight)
            return DynamicVerdict.Float(graph.IsInitializer(node.Inputs[0]) ? "its first operand is the constant one" : "it multiplies two activations");
        if (graph.IsInitializer(node.Inputs[0]))
            return DynamicVerdict.Float("both of its operands are constants");
        if (weight.Rank != 2)
            return DynamicVerdict.Float("its constant operand has not two axes");
        if (weight.Length < FewestWeights)
            return DynamicVerdict.Float($"it has only {weight.Length} weights: finding the range of its input would take longer than computing it in float");
        if (node.GetInt("transA", 0) != 0)
            return DynamicVerdict.Float("it transposes its input (transA)");
        if (node.GetFloat("alpha", 1) != 1)
            return DynamicVerdict.Float("it scales the product (alpha)");
        if (node.GetFloat("beta", 1) != 1)
            return DynamicVerdict.Float("it scales its bias (beta)");
        bool transposed = node.GetInt("transB", 0) != 0;
        return DynamicVerdict.Integers(new DynamicNode(
            graph,
            node,
            Kernels,
            [new PlannedWeight(node.Inputs[1], 1, transposed ? 0 : 1, transposed ? ReductionOrder.MatrixColumns : ReductionOrder.MatrixRows)]));
    }
}
