using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>The axis of a weight along which values are of one kind, so that one scale each serves them best.</summary>
internal static class ChannelAxis
{
    public static int Of(OnnxNode reader, string weight, OnnxTensor tensor) => reader.OpType switch
    {
        "ConvTranspose" => 1,
        "MatMul" => tensor.Rank - 1,
        "Gemm" => reader.GetInt("transB", 0) == 0 && reader.Inputs[1] == weight ? 1 : 0,
        // Weights of recurrent nets: [directions, gates · hidden, input].
        "LSTM" or "GRU" or "RNN" => 1,
        _ => 0,
    };
}
