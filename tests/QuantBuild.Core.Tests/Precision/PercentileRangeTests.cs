using QuantBuild.Numerics;
using QuantBuild.Precision;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class PercentileRangeTests
{
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.000005)]
    [DataRow(0.001)]
    [DataRow(0.25)]
    [DataRow(0.9)]
    [DataRow(0.999995)]
    [DataRow(1.0)]
    public void Quantile_EveryDistribution_WithinABinOfThatOfTheSortedValues(double share)
    {
        foreach (Distribution distribution in Distribution.All())
        {
            StreamingHistogram histogram = distribution.Histogram();
            float[] sorted = [.. distribution.Values.Order()];
            double position = share * (sorted.Length - 1);

            float quantile = PercentileRange.Quantile(histogram, share);

            double width = Math.ScaleB(1, histogram.Exponent);
            Assert.IsGreaterThanOrEqualTo(sorted[(int)Math.Max(0, Math.Floor(position) - 1)] - width, quantile, distribution.Name);
            Assert.IsLessThanOrEqualTo(sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(position) + 1)] + width, quantile, distribution.Name);
        }
    }

    /// <summary>Linear between the ends of a bin: no step of a bin's width.</summary>
    [TestMethod]
    public void Quantile_EvenlySpreadValues_IsInterpolatedInsideBins()
    {
        StreamingHistogram histogram = HistogramOf(Enumerable.Range(0, 1_000_001).Select(i => i / 1e6f));

        for (double share = 0; share <= 1; share += 0.0001)
            Assert.AreEqual(share, PercentileRange.Quantile(histogram, share), 2e-6);
    }

    [TestMethod]
    public void Estimate_BothSides_LeavesHalfOutOnEach()
    {
        StreamingHistogram histogram = HistogramOf(Enumerable.Range(-500_000, 1_000_001).Select(i => i / 1e6f).Concat([-90, 70]));

        TensorRange range = PercentileRange.Estimate(histogram);

        // Five values on each side, one of them far away; bins are as wide as that makes them.
        Assert.AreEqual(-0.5, range.Minimum, 0.125);
        Assert.AreEqual(0.5, range.Maximum, 0.125);
    }

    [TestMethod]
    public void Estimate_OneSide_EndsAtZeroAndLeavesAllOutOnTheOther()
    {
        float[] values = [.. Enumerable.Range(1, 1_000_000).Select(i => i / 1e6f)];

        TensorRange above = PercentileRange.Estimate(HistogramOf(values));
        TensorRange below = PercentileRange.Estimate(HistogramOf(values.Select(value => -value)));

        Assert.AreEqual(0f, above.Minimum);
        Assert.AreEqual(1 - 1e-5, above.Maximum, 2e-6);
        Assert.AreEqual(0f, below.Maximum);
        Assert.AreEqual(-1 + 1e-5, below.Minimum, 2e-6);
    }

    [TestMethod]
    public void Estimate_Nothing_IsZero() => Assert.AreEqual(new TensorRange(0, 0), PercentileRange.Estimate(new StreamingHistogram()));

    private static StreamingHistogram HistogramOf(IEnumerable<float> values)
    {
        var histogram = new StreamingHistogram();
        histogram.Add([.. values]);
        return histogram;
    }
}
