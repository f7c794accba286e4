using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild;

/// <summary>Weights as they are rounded by what their layers read in the float model, for candidates that have a layer in the same form.</summary>
internal sealed class RoundedWeights
{
    /// <summary>Codes of more than these together are found again each time.</summary>
    private const long MostBytes = 256L << 20;

    private readonly Dictionary<Form, (LowBitWeight Weight, OnnxTensor? Bias)> kept = [];
    private long bytes;

    public bool Has(LowBitTarget target) => kept.ContainsKey(Form.Of(target));

    /// <param name="targets">All of which are there.</param>
    public LowBitCodes Of(IReadOnlyList<LowBitTarget> targets) => new(
        targets.ToDictionary(target => target.Key, target => kept[Form.Of(target)].Weight),
        targets.Where(target => kept[Form.Of(target)].Bias is not null)
            .ToDictionary(target => LowBitBias.Of(target)!.Key, target => kept[Form.Of(target)].Bias!));

    public void Add(IReadOnlyList<LowBitTarget> targets, LowBitCodes codes)
    {
        foreach (LowBitTarget target in targets)
        {
            LowBitWeight weight = codes.Weights[target.Key];
            if (bytes + weight.Codes.Length > MostBytes)
                continue;
            bytes += weight.Codes.Length;
            OnnxTensor? bias = LowBitBias.Of(target) is { } own ? codes.Biases.GetValueOrDefault(own.Key) : null;
            kept.TryAdd(Form.Of(target), (weight, bias));
        }
    }

    private readonly record struct Form(ConstantKey Key, int Bits, int BlockColumns)
    {
        public static Form Of(LowBitTarget target) => new(target.Key, target.Bits, target.BlockColumns);
    }
}
