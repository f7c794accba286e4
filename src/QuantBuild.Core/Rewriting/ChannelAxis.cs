using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>The axis of a weight along which values are of one kind, so that one scale each serves them best.</summary>
internal static class ChannelAxis
{
    /// <returns>Null when the operator is not known to read weights there: a constant of another kind keeps its floats.</returns>
    public static int? Of(OnnxNode reader, string weight, OnnxTensor tensor) => reader.OpType switch
    {
        "Conv" when reader.Inputs[1] == weight => 0,
        "ConvTranspose" when reader.Inputs[1] == weight => 1,
        "MatMul" => tensor.Rank - 1,
        // A table of embeddings: one row per word.
        "Gather" when reader.Inputs[0] == weight && reader.GetInt("axis", 0) == 0 => 0,
        "Gemm" => reader.GetInt("transB", 0) == 0 && reader.Inputs[1] == weight ? 1 : 0,
        // Weights of recurrent nets: [directions, gates · hidden, input].
        "LSTM" or "GRU" or "RNN" => 1,
        _ => null,
    };
}
