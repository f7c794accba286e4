using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>How much of a model's work a node is: multiplications with addition, for one sample.</summary>
internal static class MultiplyAdds
{
    /// <returns>0 for operators other than Conv, ConvTranspose, Gemm, MatMul, LSTM, GRU and RNN.</returns>
    public static long Of(OnnxNode node, TensorFacts facts)
    {
        if (node.Domain.Length > 0 || facts.Of(node.Outputs.FirstOrDefault(name => name.Length > 0)) is not { } output)
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
            // Every step of every sequence multiplies [in] and [hidden] by the weights [directions, gates · hidden, in] and [directions, gates · hidden, hidden].
            case "LSTM" or "GRU" or "RNN" when facts.Of(node.Inputs[0]) is { Shape.Count: 3 } input && facts.Of(node.Inputs[1]) is { } weight
                && facts.Of(node.Inputs[2]) is { } recurrent:
                return input.Shape[0] * input.Shape[1] * (weight.Length + recurrent.Length);
            default:
                return 0;
        }
    }
}
