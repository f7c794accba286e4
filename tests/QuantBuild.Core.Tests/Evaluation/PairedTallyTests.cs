using QuantBuild.Evaluation;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class PairedTallyTests
{
    private const double Quantile95 = 1.959964;

    /// <summary>Both forms of the variance agree up to the rounding of a few hundred additions in double.</summary>
    private const double Rounding = 1e-12;

    [TestMethod]
    public void HalfInterval_RightOrWrong_IsTheClosedFormula()
    {
        foreach ((int both, int onlyFloat, int onlyQuantized, int none) in new[]
        {
            (90, 5, 2, 3), (0, 0, 0, 10), (10, 0, 0, 0), (0, 7, 0, 0), (0, 0, 7, 0), (50, 6, 6, 9), (1, 1, 0, 0), (400, 13, 9, 78),
        })
        {
            var tally = new PairedTally();
            for (int i = 0; i < Math.Max(Math.Max(both, none), Math.Max(onlyFloat, onlyQuantized)); i++)
            {
                Add(i < both, 1, 1);
                Add(i < onlyFloat, 1, 0);
                Add(i < onlyQuantized, 0, 1);
                Add(i < none, 0, 0);
            }

            double n = both + onlyFloat + onlyQuantized + none;
            double drop = (onlyFloat - onlyQuantized) / n;
            double deviation = Math.Sqrt(onlyFloat + onlyQuantized - (n * drop * drop)) / n;
            Assert.AreEqual(n, tally.Count);
            Assert.AreEqual((both + onlyFloat) / n, tally.FloatMean, Rounding);
            Assert.AreEqual((both + onlyQuantized) / n, tally.QuantizedMean, Rounding);
            Assert.AreEqual(Quantile95 * deviation, tally.HalfInterval, Rounding, $"{both} {onlyFloat} {onlyQuantized} {none}");

            void Add(bool wanted, double ofFloat, double ofQuantized)
            {
                if (wanted)
                    tally.Add(ofFloat, ofQuantized);
            }
        }
    }

    [TestMethod]
    public void HalfInterval_SameDifferenceEverywhere_IsZero()
    {
        var tally = new PairedTally();
        for (int i = 0; i < 1000; i++)
            tally.Add(1, 0.75);

        Assert.AreEqual(0, tally.HalfInterval);
    }

    [TestMethod]
    public void HalfInterval_OneSample_IsZero()
    {
        var tally = new PairedTally();
        tally.Add(1, 0);

        Assert.AreEqual(0, tally.HalfInterval);
    }
}
