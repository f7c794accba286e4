using QuantBuild.Inspection;

namespace QuantBuild.Core.Tests.Inspection;

[TestClass]
public sealed class SampleSketchTests
{
    [TestMethod]
    public void ShareIn_FewSamples_IsExact()
    {
        SampleSketch some = Of(Hashes(0, 1000));
        SampleSketch other = Of(Hashes(970, 100));

        Assert.AreEqual(0.3, other.ShareIn(some), 1e-12);
        Assert.AreEqual(0.0, Of(Hashes(5000, 100)).ShareIn(some));
        Assert.IsTrue(some.IsComplete);
    }

    [TestMethod]
    public void ShareOfRepeated_SamplesThatAreThereTwice_CountBoth()
    {
        Assert.AreEqual(0.5, Of([.. Hashes(0, 40), .. Hashes(0, 10), .. Hashes(0, 10)]).ShareOfRepeated(), 1e-12);
        Assert.AreEqual(0.0, Of(Hashes(0, 40)).ShareOfRepeated());
    }

    /// <summary>A tenth of 300,000 samples with a few thousand hashes to judge by: five standard errors are less than two per cent.</summary>
    [TestMethod]
    public void ShareIn_MoreSamplesThanAreRemembered_IsNearAndDoesNotDependOnTheOrder()
    {
        ulong[] hashes = Hashes(0, 500_000);
        SampleSketch some = Of(hashes);
        SampleSketch other = Of(Hashes(470_000, 300_000));
        SampleSketch reversed = Of([.. hashes.Reverse()]);

        Assert.IsFalse(some.IsComplete);
        Assert.AreEqual(500_000L, some.Total);
        Assert.AreEqual(0.1, other.ShareIn(some), 0.02);
        Assert.AreEqual(other.ShareIn(some), other.ShareIn(reversed));
    }

    private static SampleSketch Of(IEnumerable<ulong> hashes)
    {
        var sketch = new SampleSketch();
        foreach (ulong hash in hashes)
            sketch.Add(hash);
        return sketch;
    }

    /// <summary>Of the samples with these numbers, by the finalizer of SplitMix64.</summary>
    private static ulong[] Hashes(int first, int count) => [.. Enumerable.Range(first, count).Select(number =>
    {
        ulong z = unchecked(((ulong)number + 1) * 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    })];
}
