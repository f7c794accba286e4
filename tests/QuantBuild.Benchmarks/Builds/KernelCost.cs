using QuantBuild.Onnx;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>The operators of optimized graphs that multiply and add, of the standard and of ONNX Runtime.</summary>
internal static class KernelCost
{
    /// <summary>DynamicQuantizeLinear is not among them: it prepares codes and calculates nothing with them.</summary>
    public static bool IsInteger(string opType) =>
        opType.StartsWith("QLinear", StringComparison.Ordinal)
        || opType is "QGemm" or "QAttention" or "ConvInteger" or "MatMulInteger" or "MatMulIntegerToFloat"
            or "DynamicQuantizeMatMul" or "DynamicQuantizeLSTM";

    /// <summary>True for an operator that finds the range of its input at every run.</summary>
    public static bool IsDynamic(string opType) => opType.StartsWith("DynamicQuantize", StringComparison.Ordinal);

    /// <summary>True for an operator that multiplies and adds in a way that <see cref="MultiplyAdds"/> does not count.</summary>
    public static bool IsUnknown(string opType) => opType is "Einsum" or "MultiHeadAttention" or "GroupQueryAttention";

    /// <summary>True for an operator whose multiply-adds <see cref="MultiplyAdds"/> counts.</summary>
    public static bool IsCounted(string opType) => opType is
        "Conv" or "FusedConv" or "ConvInteger" or "QLinearConv" or "ConvTranspose"
            or "Gemm" or "FusedGemm" or "QGemm" or "MatMul" or "FusedMatMul" or "QLinearMatMul" or "MatMulInteger" or "MatMulIntegerToFloat"
            or "DynamicQuantizeMatMul" or "MatMulNBits"
            or "LSTM" or "GRU" or "RNN" or "DynamicQuantizeLSTM" or "Attention" or "QAttention";

    /// <summary>Multiplications with addition of a node, 0 for one that is neither a convolution, a matrix product nor a recurrent layer.</summary>
    /// <param name="shapeOf">Of a value or a constant by its name.</param>
    public static long MultiplyAdds(OnnxNode node, Func<string, IReadOnlyList<long>> shapeOf) => node.OpType switch
    {
        // [M, C / groups, kernel…]: all but the first are added up for one element of the output.
        "Conv" or "FusedConv" or "ConvInteger" => Product(shapeOf(node.Outputs[0])) * Product(shapeOf(node.Inputs[1]).Skip(1)),
        "QLinearConv" => Product(shapeOf(node.Outputs[0])) * Product(shapeOf(node.Inputs[3]).Skip(1)),

        // [C, M / groups, kernel…]: what one element of the input is spread to.
        "ConvTranspose" => Product(shapeOf(node.Inputs[0])) * Product(shapeOf(node.Inputs[1]).Skip(1)),
        "Gemm" or "FusedGemm" or "QGemm" or "MatMul" or "FusedMatMul"
            or "QLinearMatMul" or "MatMulInteger" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul" =>
            Product(shapeOf(node.Outputs[0])) * shapeOf(node.Inputs[0])[node.GetInt("transA", 0) == 0 ? ^1 : ^2],
        "MatMulNBits" => Product(shapeOf(node.Outputs[0])) * node.GetInt("K", 0),

        // Of the input [S, B, I] every step of every row meets all weights of both matrices.
        "LSTM" or "GRU" or "RNN" or "DynamicQuantizeLSTM" =>
            Product(shapeOf(node.Inputs[0]).Take(2)) * (Product(shapeOf(node.Inputs[1])) + Product(shapeOf(node.Inputs[2]))),
        "Attention" or "QAttention" => AttentionMultiplyAdds(shapeOf(node.Inputs[0]), shapeOf(node.Inputs[1])),
        _ => 0,
    };

    /// <param name="input">[B, S, D].</param>
    /// <param name="weights">[D, 3 H]: projections to queries, keys and values; two products of S × S × H follow them.</param>
    private static long AttentionMultiplyAdds(IReadOnlyList<long> input, IReadOnlyList<long> weights) =>
        (input[0] * input[1] * Product(weights)) + (2 * input[0] * input[1] * input[1] * weights[1] / 3);

    private static long Product(IEnumerable<long> dimensions) => dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}
