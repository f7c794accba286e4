using QuantBuild.Precision;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class CoarseGridTests
{
    private const int Cases = 20_000;

    [TestMethod]
    public void Up_AnyScale_AtMostAThousandthAboveAndOnTheGrid()
    {
        var random = new Random(3);
        for (int i = 0; i < Cases; i++)
        {
            double value = (random.NextDouble() + 1e-3) * Math.Pow(10, random.Next(-18, 30));

            float up = CoarseGrid.Up(value);

            Assert.IsGreaterThanOrEqualTo(value * (1 - 4e-6), up);
            Assert.IsLessThanOrEqualTo(value * 1.001, up);
            Assert.AreEqual(0, BitConverter.SingleToInt32Bits(up) & ((1 << 13) - 1), $"{value:R}: more than 10 bits behind the first");
            Assert.AreEqual(up, CoarseGrid.Up(up), "a number of the grid stays");
        }
    }

    /// <summary>As many as the grid has places where its numbers change, beside those between: about one of 10,000 for 2^−20.</summary>
    [TestMethod]
    public void Up_LastBitsDiffer_SameScaleInNearlyEveryCase()
    {
        var random = new Random(4);
        int different = 0;
        for (int i = 0; i < Cases; i++)
        {
            double value = 0.001 + random.NextDouble();
            if (CoarseGrid.Up(value) != CoarseGrid.Up(value * (1 + Math.ScaleB(1, -20))))
                different++;
        }

        Assert.IsLessThan(Cases / 500, different);
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.0234375)]
    [DataRow(384.0)]
    public void Up_RoundNumberWithANoisyLastBit_IsTheRoundNumber(double value)
    {
        foreach (double noisy in new[] { value, MathF.BitIncrement((float)value), MathF.BitDecrement((float)value) })
            Assert.AreEqual((float)value, CoarseGrid.Up(noisy));
    }
}
