using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Reporting;

/// <summary>How much of a model's work a node is: multiplications with addition, for one sample.</summary>
internal static class MultiplyAdds
{
    /// <returns>0 for operators other than Conv, ConvTranspose, Gemm and MatMul.</returns>
    public static long Of(OnnxNode node, TensorFacts facts)
    {
        if (node.Domain.Length > 0 || facts.Of(node.Outputs[0]) is not { } output)
            return 0;
        switch (node.OpType)
        {
            case "Conv" when facts.Of(node.Inputs[1]) is { } weight:
                return output.Length * weight.Shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
            case "ConvTranspose" when facts.Of(node.Inputs[0]) is { } input && facts.Of(node.Inputs[1]) is { } weight:
                return input.Length * weight.Shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
            case "Gemm" when facts.Of(node.Inputs[0]) is { } input:
                return output.Length * input.Shape[node.GetInt("transA", 0) == 0 ? ^1 : ^2];
            case "MatMul" when facts.Of(node.Inputs[0]) is { Shape.Count: > 0 } input:
                return output.Length * input.Shape[^1];
            default:
                return 0;
        }
    }
}
