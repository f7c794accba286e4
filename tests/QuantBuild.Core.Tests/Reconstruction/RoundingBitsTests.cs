using System.Security.Cryptography;
using System.Runtime.InteropServices;
using QuantBuild.Reconstruction;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction;

/// <summary>The same codes with any number of threads and at every width of vectors.</summary>
[TestClass]
public sealed class RoundingBitsTests
{
    private const string Expected = "HASH";

    [TestMethod]
    public void EveryRounding_AnyNumberOfThreads_GivesTheExpectedCodes()
    {
        foreach (int threads in new[] { 1, 2, 5 })
            Assert.AreEqual(Expected, HashOf(threads), $"{threads} threads");
    }

    [TestMethod]
    [DataRow(VectorWidth.Vector256)]
    [DataRow(VectorWidth.Vector128)]
    [DataRow(VectorWidth.None)]
    public void EveryRounding_NarrowerVectors_GivesTheExpectedCodes(VectorWidth width) =>
        Assert.AreEqual(1, RunWithHardwareDisabled.Run(width, typeof(RoundingBitsTests)));

    private static string HashOf(int threads)
    {
        LayerGram gram = RoundingCases.Gram(150);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, RoundLayer round) in RoundingCases.Roundings)
        {
            LayerWeights weights = RoundingCases.Weights(35, 150, pairs: true, gram);
            round(gram, weights, threads);
            hash.AppendData(MemoryMarshal.AsBytes(weights.Codes.AsSpan()));
        }
        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
