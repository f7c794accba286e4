using QuantBuild.Numerics;
using QuantBuild.Precision;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class EntropyRangeTests
{
    private const int Steps = 255;

    /// <summary>Each side of the exhaustive search in so many positions.</summary>
    private const int Grid = 24;

    /// <summary>The search narrows both sides alike first, then each by itself.</summary>
    private const double OfTheBest = 1.25;

    [TestMethod]
    public void Divergence_EveryDistributionAndRange_IsThatOfTheDefinition()
    {
        foreach (Distribution distribution in Distribution.All())
            foreach (double share in new[] { 1, 0.9, 0.55, 0.3 })
            {
                StreamingHistogram histogram = distribution.Histogram();
                double low = share * Math.Min(0, histogram.Minimum);
                double high = share * Math.Max(0, histogram.Maximum);
                double expected = Definition(histogram, low, high);

                double divergence = EntropyRange.Divergence(histogram, low, high);

                if (double.IsInfinity(expected))
                    Assert.AreEqual(expected, divergence);
                else
                    Assert.AreEqual(expected, divergence, 1e-9 + (1e-9 * expected), $"{distribution}, {share}");
            }
    }

    [TestMethod]
    public void Estimate_EveryDistribution_NearAnExhaustiveSearch()
    {
        Parallel.ForEach(Distribution.All(), distribution =>
        {
            StreamingHistogram histogram = distribution.Histogram();
            double least = Math.Min(0, histogram.Minimum);
            double most = Math.Max(0, histogram.Maximum);
            double best = double.PositiveInfinity;
            for (int i = least < 0 ? 1 : Grid; i <= Grid; i++)
                for (int j = most > 0 ? 1 : Grid; j <= Grid; j++)
                    best = Math.Min(best, EntropyRange.Divergence(histogram, least * i / Grid, most * j / Grid));

            TensorRange range = EntropyRange.Estimate(histogram);

            Assert.IsLessThanOrEqualTo((best * OfTheBest) + 1e-9, EntropyRange.Divergence(histogram, range.Minimum, range.Maximum), $"{distribution}: {range}");
            Assert.IsTrue(range.Minimum <= 0 && range.Maximum >= 0 && range.Minimum >= least && range.Maximum <= most, $"{distribution}: {range}");
        });
    }

    [TestMethod]
    public void Estimate_OneSide_EndsAtZero()
    {
        TensorRange above = EntropyRange.Estimate(Distribution.All().Single(distribution => distribution.Name == "Relu of a Gaussian").Histogram());
        TensorRange below = EntropyRange.Estimate(Distribution.All().Single(distribution => distribution.Name == "half-normal below zero").Histogram());

        Assert.AreEqual(0f, above.Minimum);
        Assert.AreEqual(0f, below.Maximum);
        Assert.IsGreaterThan(1f, above.Maximum);
        Assert.IsLessThan(-1f, below.Minimum);
    }

    [TestMethod]
    public void Estimate_Outlier_IsCutOff()
    {
        TensorRange range = EntropyRange.Estimate(Distribution.All().Single(distribution => distribution.Name == "one outlier above").Histogram());

        Assert.IsLessThan(40f, range.Maximum);
    }

    [TestMethod]
    [DataRow(3f)]
    [DataRow(-7f)]
    [DataRow(0f)]
    public void Estimate_Constant_HoldsIt(float value)
    {
        TensorRange range = EntropyRange.Estimate(new Distribution("constant", [.. Enumerable.Repeat(value, 100)]).Histogram());

        Assert.AreEqual(new TensorRange(Math.Min(value, 0), Math.Max(value, 0)), range);
    }

    [TestMethod]
    public void Estimate_Nothing_IsZero() => Assert.AreEqual(new TensorRange(0, 0), EntropyRange.Estimate(new StreamingHistogram()));

    /// <summary>Written down from the definition, bin by bin.</summary>
    private static double Definition(StreamingHistogram histogram, double low, double high)
    {
        double width = Math.ScaleB(1, histogram.Exponent);
        double step = (high - low) / Steps;
        if (step < width)
            return double.PositiveInfinity;
        var inside = new SortedDictionary<double, double>();
        double below = 0;
        double above = 0;
        for (int i = 0; i < histogram.Counts.Length; i++)
        {
            double middle = (histogram.FirstBin + i + 0.5) * width;
            double mass = (double)histogram.Counts[i] / histogram.Total;
            if (middle < low)
                below += mass;
            else if (middle > high)
                above += mass;
            else if (mass > 0)
                inside.Add(middle, mass);
        }
        if (inside.Count == 0)
            return double.PositiveInfinity;

        double insideMass = inside.Values.Sum();
        var q = inside.GroupBy(bin => Math.Round(bin.Key / step)).SelectMany(code => code.Select(bin => (bin.Key, Mass: code.Average(other => other.Value) / insideMass)))
            .ToDictionary(bin => bin.Key, bin => bin.Mass);
        var p = inside.ToDictionary(bin => bin.Key, bin => bin.Value);
        AddBeyond(below, inside.Keys.First(), inside.Keys.First() - low);
        AddBeyond(above, inside.Keys.Last(), high - inside.Keys.Last());
        double smoothed = q.Values.Count(mass => mass == 0) * 1e-4;
        return p.Sum(bin => bin.Value * Math.Log(bin.Value / (q[bin.Key] == 0 ? 1e-4 : q[bin.Key] * (1 - smoothed))));

        void AddBeyond(double mass, double outermost, double gap)
        {
            if (mass == 0)
                return;
            if (gap <= width)
            {
                p[outermost] += mass;
                return;
            }
            double edge = outermost == inside.Keys.First() && below == mass && gap == outermost - low ? low : high;
            p[edge] = mass;
            q[edge] = 0;
        }
    }
}
