using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

/// <summary>The same codes, scales and zero points at every width of vectors.</summary>
[TestClass]
public sealed class LowBitRoundingBitsTests
{
    private const string Expected = "EBB3D90F545B5078";

    [TestMethod]
    public void EveryRounding_AnyGrid_GivesTheExpectedBits() => Assert.AreEqual(Expected, Hash());

    [TestMethod]
    [DataRow(nameof(VectorWidth.Vector256))]
    [DataRow(nameof(VectorWidth.Vector128))]
    [DataRow(nameof(VectorWidth.None))]
    public void EveryRounding_NarrowerVectors_GivesTheExpectedBits(string width) =>
        Assert.AreEqual(1, RunWithHardwareDisabled.Run(Enum.Parse<VectorWidth>(width), typeof(LowBitRoundingBitsTests)));

    private static string Hash()
    {
        LayerGram gram = LowBitCases.Gram(75, drifts: true);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int block in new[] { 20, 75 })
            foreach ((_, LowBitLayer layer) in LowBitCases.Layers(9, 75, block))
                foreach (Action<LowBitLayer> round in Roundings(gram))
                {
                    LowBitLayer rounded = layer.Copy();
                    round(rounded);
                    hash.AppendData(rounded.Codes);
                    hash.AppendData(MemoryMarshal.AsBytes(rounded.Grid.Scales.AsSpan()));
                    hash.AppendData(rounded.Grid.ZeroPoints ?? []);
                }
        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    private static Action<LowBitLayer>[] Roundings(LayerGram gram) =>
    [
        layer => GridSearch.Mse(layer),
        layer => KQuant.Quantize(layer),
        layer => Hqq.Quantize(layer),
        layer => SequentialMse.Quantize(gram, layer),
        layer => BestRounding.Round(gram, layer),
        layer =>
        {
            GridSearch.Weighted(layer, gram);
            ScaleEstimation.Improve(gram, layer);
            LowBitAdaRound.Round(gram, layer);
        },
    ];
}
