using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class NormalQuantileTests
{
    /// <summary>The reference values have 16 digits.</summary>
    private const double RoundingOfTheReference = 2e-15;

    [TestMethod]
    [DataRow(1e-9, -5.9978070150076865)]
    [DataRow(0.001, -3.090232306167813)]
    [DataRow(0.02, -2.0537489106318225)]
    [DataRow(0.074, -1.4466320671589785)]
    [DataRow(0.3, -0.5244005127080407)]
    [DataRow(0.5, 0.0)]
    [DataRow(0.6, 0.2533471031357998)]
    [DataRow(0.925, 1.439531470938456)]
    [DataRow(0.9677083, 1.848130959757373)]
    [DataRow(0.999, 3.090232306167813)]
    public void Of_Probability_IsTheKnownQuantile(double probability, double expected) =>
        Assert.AreEqual(expected, NormalQuantile.Of(probability), RoundingOfTheReference * (1 + Math.Abs(expected)));

    [TestMethod]
    public void Of_BothSides_AreMirrored()
    {
        for (double probability = 0.001; probability < 0.5; probability += 0.0137)
            Assert.AreEqual(-NormalQuantile.Of(probability), NormalQuantile.Of(1 - probability), 1e-12);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(1e-12)]
    public void Of_TooFarOut_IsRefused(double probability) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NormalQuantile.Of(probability));
}
