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

    /// <summary>True for an operator that multiplies and adds in a way that <see cref="MultiplyAdds"/> does not count.</summary>
    public static bool IsUnknown(string opType) => opType is
        "Attention" or "QAttention" or "MultiHeadAttention" or "Einsum" or "LSTM" or "GRU" or "RNN" or "DynamicQuantizeLSTM"
            or "MatMulNBits" or "ConvTranspose";

    /// <summary>Multiplications with addition of a node, 0 for one that is neither a convolution nor a matrix product.</summary>
    /// <param name="shapeOf">Of a value or a constant by its name.</param>
    public static long MultiplyAdds(OnnxNode node, Func<string, IReadOnlyList<long>> shapeOf) => node.OpType switch
    {
        // [M, C / groups, kernel…]: all but the first are added up for one element of the output.
        "Conv" or "FusedConv" or "ConvInteger" => Product(shapeOf(node.Outputs[0])) * Product(shapeOf(node.Inputs[1]).Skip(1)),
        "QLinearConv" => Product(shapeOf(node.Outputs[0])) * Product(shapeOf(node.Inputs[3]).Skip(1)),
        "Gemm" or "FusedGemm" or "QGemm" or "MatMul" or "FusedMatMul"
            or "QLinearMatMul" or "MatMulInteger" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul" =>
            Product(shapeOf(node.Outputs[0])) * shapeOf(node.Inputs[0])[node.GetInt("transA", 0) == 0 ? ^1 : ^2],
        _ => 0,
    };

    private static long Product(IEnumerable<long> dimensions) => dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}
