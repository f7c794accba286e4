using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>The ranks that operators take; every runtime refuses others.</summary>
internal static class RankRules
{
    /// <returns>False when the node cannot run whatever the model is given; true also when too little is known.</returns>
    public static bool Allow(OnnxNode node, StaticFacts facts)
    {
        if (node.Domain.Length > 0 || facts.RankOf(node.Input(0)) is not { } rank)
            return true;
        return node.OpType switch
        {
            "LSTM" or "GRU" or "RNN" => rank == 3,
            "Gemm" => rank == 2,
            "Conv" or "ConvTranspose" => facts.RankOf(node.Input(1)) is not { } kernel || kernel == rank,
            _ => true,
        };
    }
}
