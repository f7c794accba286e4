using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Weights in few bits that something computes with in float.</summary>
/// <param name="Weights">By constant.</param>
/// <param name="Biases">By constant: the bias behind such a weight, with what rounding took from the mean of the output added.</param>
internal sealed record LowBitCodes(IReadOnlyDictionary<ConstantKey, LowBitWeight> Weights, IReadOnlyDictionary<ConstantKey, OnnxTensor> Biases)
{
    public static LowBitCodes Nothing { get; } = new(new Dictionary<ConstantKey, LowBitWeight>(), new Dictionary<ConstantKey, OnnxTensor>());

    /// <summary>These where there are some, and the others elsewhere.</summary>
    public LowBitCodes Over(LowBitCodes others) => new(Joined(Weights, others.Weights), Joined(Biases, others.Biases));

    /// <summary>The same, with the codes of all weights in a file.</summary>
    public LowBitCodes MovedTo(ScratchFile file) =>
        this with { Weights = Weights.ToDictionary(weight => weight.Key, weight => weight.Value.MovedTo(file)) };

    private static Dictionary<ConstantKey, T> Joined<T>(IReadOnlyDictionary<ConstantKey, T> first, IReadOnlyDictionary<ConstantKey, T> others)
    {
        var joined = others.ToDictionary();
        foreach ((ConstantKey key, T value) in first)
            joined[key] = value;
        return joined;
    }
}
