using QuantBuild.Reconstruction.Codebooks;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Core.Tests.Reconstruction.Codebooks;

[TestClass]
public sealed class KnownLevelsTests
{
    /// <summary>The published numbers were made in float32 from an offset of seven digits.</summary>
    private const float PublishedDigits = 1e-6f;

    [TestMethod]
    public void NormalFloat_FourBits_AreThePublishedNumbers()
    {
        float[] published =
        [
            -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f, -0.18477343022823334f,
            -0.09105003625154495f, 0.0f, 0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
            0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f,
        ];

        CollectionAssert.AreEqual(published, NormalFloatLevels.Of(4));
        float[] formula = NormalFloatLevels.OfFormula(4);
        for (int i = 0; i < published.Length; i++)
            Assert.AreEqual(published[i], formula[i], PublishedDigits, $"level {i}");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    public void NormalFloat_AnyBits_AscendFromMinusOneOverZeroToOne(int bits)
    {
        float[] levels = NormalFloatLevels.Of(bits);

        Assert.AreEqual(1 << bits, levels.Length);
        Assert.AreEqual(-1, levels[0]);
        Assert.AreEqual(0, levels[(1 << (bits - 1)) - 1]);
        Assert.AreEqual(1, levels[^1]);
        AssertAscending(levels);
    }

    [TestMethod]
    public void NormalFloat_OtherBits_AreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NormalFloatLevels.Of(1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NormalFloatLevels.Of(9));
    }

    /// <summary>Levels above zero in the units of the paper's powers; three bits are one term, five two, four a term and a half.</summary>
    [TestMethod]
    [DataRow(2, 2, new[] { 1.0 })]
    [DataRow(3, 2, new[] { 0.25, 0.5, 1 })]
    [DataRow(4, 2, new[] { 0.0625, 0.125, 0.1875, 0.25, 0.375, 0.5, 0.625 })]
    [DataRow(5, 2, new[] { 0.03125, 0.0625, 0.09375, 0.125, 0.1875, 0.25, 0.28125, 0.375, 0.5, 0.5625, 0.75, 1, 1.03125, 1.125, 1.5 })]
    [DataRow(4, 3, new[] { 0.015625, 0.03125, 0.0625, 0.125, 0.25, 0.5, 1 })]
    [DataRow(4, 1, new[] { 1.0, 2, 3, 4, 5, 6, 7 })]
    public void PowersOfTwo_BitsAndBase_AreThoseOfThePaper(int bits, int baseBits, double[] positive)
    {
        float[] levels = PowersOfTwoLevels.Of(bits, baseBits);

        float[] expected = [.. positive.Select(level => (float)(level / positive[^1]))];
        CollectionAssert.AreEqual(expected, levels[^positive.Length..], string.Join(' ', levels));
        CollectionAssert.AreEqual(expected, levels[..positive.Length].Reverse().Select(level => -level).ToArray());
        Assert.AreEqual(0, levels[positive.Length]);
    }

    [TestMethod]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    public void PowersOfTwo_MoreBits_AscendAndAreAllDifferent(int bits)
    {
        foreach (int baseBits in new[] { 1, 2, 3, 4 })
        {
            float[] levels = PowersOfTwoLevels.Of(bits, baseBits);
            Assert.AreEqual((1 << bits) - 1, levels.Length, $"base of {baseBits} bits");
            AssertAscending(levels);
        }
    }

    [TestMethod]
    public void Padded_FewerLevels_RepeatsTheLastWhichNothingIsNearestTo()
    {
        float[] padded = LevelTable.Padded([-1, 0, 1], 2);
        CollectionAssert.AreEqual(new float[] { -1, 0, 1, 1 }, padded);
        var grid = new LevelGrid(2, 1, 1, 1) { Scales = [1], Codebooks = [padded] };
        foreach ((float weight, int code) in new[] { (-9f, 0), (0, 1), (0.9f, 2), (9f, 2) })
            Assert.AreEqual(code, grid.Nearest(0, 0, weight));
        Assert.ThrowsExactly<ArgumentException>(() => LevelTable.Padded([-1, 0, 1], 1));
    }

    private static void AssertAscending(float[] levels)
    {
        for (int i = 1; i < levels.Length; i++)
            Assert.IsTrue(levels[i] > levels[i - 1], $"level {i}");
    }
}
