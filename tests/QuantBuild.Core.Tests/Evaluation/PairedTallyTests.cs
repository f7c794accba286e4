using QuantBuild.Evaluation;
using QuantBuild.Evaluation.Metrics;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class PairedTallyTests
{
    private const double Quantile95 = 1.959964;

    /// <summary>Both forms of the variance agree up to the rounding of a few hundred additions in double.</summary>
    private const double Rounding = 1e-12;

    [TestMethod]
    public void Figures_RightOrWrong_AreTheClosedFormulaOfBonettAndPrice()
    {
        foreach ((int both, int onlyFloat, int onlyQuantized, int none) in new[]
        {
            (90, 5, 2, 3), (0, 0, 0, 10), (10, 0, 0, 0), (0, 7, 0, 0), (0, 0, 7, 0), (50, 6, 6, 9), (1, 1, 0, 0), (400, 13, 9, 78),
        })
        {
            var tally = new PairedTally(isRightOrWrong: true);
            for (int i = 0; i < Math.Max(Math.Max(both, none), Math.Max(onlyFloat, onlyQuantized)); i++)
            {
                Add(i < both, 1, 1);
                Add(i < onlyFloat, 1, 0);
                Add(i < onlyQuantized, 0, 1);
                Add(i < none, 0, 0);
            }

            double n = both + onlyFloat + onlyQuantized + none;
            double p12 = (onlyFloat + 1) / (n + 2);
            double p21 = (onlyQuantized + 1) / (n + 2);
            double half = Quantile95 * Math.Sqrt((p12 + p21 - ((p12 - p21) * (p12 - p21))) / (n + 2));
            string text = $"{both} {onlyFloat} {onlyQuantized} {none}";
            Assert.AreEqual(n, tally.Count);
            Assert.AreEqual((both + onlyFloat) / n, tally.FloatMean, Rounding, text);
            Assert.AreEqual((both + onlyQuantized) / n, tally.QuantizedMean, Rounding, text);
            Assert.AreEqual(p12 - p21 - half, tally.Figures.Low, Rounding, text);
            Assert.AreEqual(p12 - p21 + half, tally.Figures.High, Rounding, text);

            void Add(bool wanted, double ofFloat, double ofQuantized)
            {
                if (wanted)
                    tally.Add(new PairedScore(ofFloat, ofQuantized));
            }
        }
    }

    /// <summary>2.77/(n + 2): 27 points with 8 samples, a tenth of a point with 2,770.</summary>
    [TestMethod]
    [DataRow(8, 0.2772)]
    [DataRow(100, 0.02717)]
    [DataRow(2770, 0.001)]
    public void Figures_AgreementOnAllSamples_IsNeverCertain(int count, double expected)
    {
        var tally = new PairedTally(isRightOrWrong: true);
        for (int i = 0; i < count; i++)
            tally.Add(new PairedScore(1, 1));

        Assert.AreEqual(expected, tally.Figures.High, 1e-4);
        Assert.AreEqual(PairedTally.LeastHalfInterval(count), tally.Figures.High, Rounding);
    }

    /// <summary>Differences 1, 2 and 6: mean 3, deviation √7, Student's quantile for 2 degrees of freedom.</summary>
    [TestMethod]
    public void Figures_OtherScores_AreStudentsInterval()
    {
        var tally = new PairedTally();
        foreach (double difference in new[] { 1.0, 2, 6 })
            tally.Add(new PairedScore(10, 10 - difference));

        Assert.AreEqual(3 + (4.302653 * Math.Sqrt(7 / 3.0)), tally.Figures.High, 1e-9);
        Assert.AreEqual(3 - (4.302653 * Math.Sqrt(7 / 3.0)), tally.Figures.Low, 1e-9);
    }

    [TestMethod]
    public void Figures_SharesOfManyDecisions_AreNotSingleOnes()
    {
        var tally = new PairedTally(isRightOrWrong: true);
        for (int i = 0; i < 1000; i++)
            tally.Add(new PairedScore(1, 0.75));

        Assert.AreEqual((0.25, 0.25), (tally.Figures.Low, tally.Figures.High));
    }

    [TestMethod]
    public void Figures_OneSample_TellsNothing()
    {
        var tally = new PairedTally();
        tally.Add(new PairedScore(1, 0.5));

        Assert.AreEqual((double.NegativeInfinity, double.PositiveInfinity), (tally.Figures.Low, tally.Figures.High));
    }
}
