using QuantBuild.Reconstruction.Codebooks;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.Codebooks;

[TestClass]
public sealed class KMeansCodebookTests
{
    /// <summary>Differences of sums of squares, and levels rounded to float32.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Borders between levels fall on borders of bins.</summary>
    private const double BinsToExact = 1.001;

    private const int Restarts = 40;

    [TestMethod]
    public void Fit_SmallSets_IsTheBestOfAllDivisions()
    {
        for (int set = 0; set < 40; set++)
        {
            int count = 1 + (set % 9);
            float[] values = SeededValues.Floats($"set {set}", -3, 3, count);
            double[] weights = [.. SeededValues.Floats($"weights {set}", 0.1f, 4, count)];
            WeightedPoints points = WeightedPoints.Of(values, weights);
            foreach (bool zero in new[] { false, true })
                foreach (bool whole in new[] { false, true })
                    for (int entries = zero ? 2 : 1; entries <= 5; entries++)
                    {
                        float[] levels = KMeansCodebook.Fit(points, entries, zero, whole);

                        double best = BestOfAllDivisions(points, entries, zero, whole);
                        Assert.AreEqual(best, points.ErrorOf(levels), Rounding * (1 + best), $"set {set}, {entries}, zero {zero}, whole {whole}");
                        AssertAllowed(levels, entries, zero, whole);
                    }
        }
    }

    [TestMethod]
    [DynamicData(nameof(CodebookCases.Distributions), typeof(CodebookCases))]
    public void Fit_ManyWeights_NoRestartOfLloydIsBetter(string name, float[] values)
    {
        double[] weights = [.. SeededValues.Floats(name, 0, 1, values.Length)];
        WeightedPoints points = WeightedPoints.Of(values, weights);
        foreach (int entries in new[] { 4, 8 })
        {
            double error = points.ErrorOf(KMeansCodebook.Fit(points, entries, keepZero: false, wholeNumbers: false));
            for (int restart = 0; restart < Restarts; restart++)
            {
                double lloyd = LloydError(points, SeededValues.Integers($"{name} {restart}", 0, points.Values.Length, entries));
                Assert.IsTrue(error <= lloyd * (1 + Rounding), $"{name}, {entries} levels: {error}, restart {restart} {lloyd}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(CodebookCases.Distributions), typeof(CodebookCases))]
    public void Fit_Bins_AreCloseToTheExactOptimum(string name, float[] values)
    {
        double[] weights = [.. SeededValues.Floats(name, 0.2f, 1, values.Length)];
        WeightedPoints exact = WeightedPoints.Exact(values, weights);
        WeightedPoints binned = WeightedPoints.Binned(values, weights);
        foreach (int entries in new[] { 4, 16, 64 })
        {
            double best = exact.ErrorOf(KMeansCodebook.Fit(exact, entries, true, false));
            float[] levels = KMeansCodebook.Fit(binned, entries, true, false);

            Assert.IsTrue(exact.ErrorOf(levels) <= best * BinsToExact, $"{name}, {entries}: {exact.ErrorOf(levels) / best}");
            Assert.AreEqual(exact.ErrorOf(levels), binned.ErrorOf(levels), best * (BinsToExact - 1), name);
        }
    }

    [TestMethod]
    public void Fit_AMillionWeightsWithOutliers_KeepsTheBodyFine()
    {
        float[] values = [.. CodebookCases.Gaussian("million", 1_000_000), 300, -200];
        WeightedPoints points = WeightedPoints.Of(values, []);

        float[] levels = KMeansCodebook.Fit(points, 18, keepZero: true, wholeNumbers: false);

        // 0.0095 is the least error of 16 levels for a normal distribution (Max 1960); two of the 18 are spent on the outliers.
        Assert.IsTrue(points.ErrorOf(levels) / values.Length < 0.0105, $"{points.ErrorOf(levels) / values.Length}");
        Assert.IsTrue(points.Values.Length <= WeightedPoints.MostPoints && levels.Contains(0));
    }

    [TestMethod]
    [DynamicData(nameof(CodebookCases.Distributions), typeof(CodebookCases))]
    public void Fit_FewBits_BeatsTheBestUniformGrid(string name, float[] values)
    {
        WeightedPoints points = WeightedPoints.Of(values, []);
        foreach (int bits in new[] { 2, 3, 4 })
        {
            double uniform = CodebookCases.BestUniformError(values, bits);
            double error = points.ErrorOf(KMeansCodebook.Fit(points, 1 << bits, keepZero: true, wholeNumbers: false));
            Assert.IsTrue(error < uniform * 0.99, $"{name}, {bits} bits: {error / uniform} of the uniform error");
        }
    }

    [TestMethod]
    public void Fit_FewerValuesThanEntries_LeavesNoError()
    {
        WeightedPoints points = WeightedPoints.Of([0.5f, -2, 0.5f, 7, -2], []);

        CollectionAssert.AreEqual(new[] { -2, 0.5f, 7 }, KMeansCodebook.Fit(points, 16, keepZero: false, wholeNumbers: false));
        CollectionAssert.AreEqual(new[] { -2, 0, 0.5f, 7 }, KMeansCodebook.Fit(points, 16, keepZero: true, wholeNumbers: false));
    }

    [TestMethod]
    public void Fit_NothingWithWeight_GivesZero()
    {
        CollectionAssert.AreEqual(new float[] { 0 }, KMeansCodebook.Fit(WeightedPoints.Of([1, 2], [0, 0]), 4, true, false));
        CollectionAssert.AreEqual(new float[] { 0 }, KMeansCodebook.Fit(WeightedPoints.Of([], []), 4, false, false));
    }

    /// <summary>All ways to put the points into intervals, each at the best centre that is allowed.</summary>
    private static double BestOfAllDivisions(WeightedPoints points, int entries, bool zero, bool whole)
    {
        int count = points.Values.Length;
        return Best(0, entries, zero);

        double Best(int start, int left, bool zeroLeft)
        {
            if (start == count)
                return 0;
            if (left == 0)
                return double.PositiveInfinity;
            double best = double.PositiveInfinity;
            for (int end = start + 1; end <= count; end++)
            {
                if (left > (zeroLeft ? 1 : 0))
                    best = Math.Min(best, Cost(start, end, null) + Best(end, left - 1, zeroLeft));
                if (zeroLeft)
                    best = Math.Min(best, Cost(start, end, 0) + Best(end, left - 1, false));
            }
            return best;
        }

        double Cost(int start, int end, double? center)
        {
            double weight = points.Weights[start..end].Sum();
            double mean = Enumerable.Range(start, end - start).Sum(i => points.Weights[i] * points.Values[i]) / weight;
            double at = center ?? (whole ? Math.Round(mean) : mean);
            return Enumerable.Range(start, end - start).Sum(i => points.Weights[i] * Math.Pow(points.Values[i] - at, 2));
        }
    }

    private static double LloydError(WeightedPoints points, long[] starts)
    {
        float[] levels = [.. starts.Select(start => (float)points.Values[start]).Order()];
        for (int round = 0; round < 60; round++)
        {
            var table = new LevelTable(levels);
            var sums = new double[levels.Length];
            var weights = new double[levels.Length];
            for (int i = 0; i < points.Values.Length; i++)
            {
                int nearest = table.NearestTo((float)points.Values[i]);
                sums[nearest] += points.Weights[i] * points.Values[i];
                weights[nearest] += points.Weights[i];
            }
            float[] next = [.. levels.Select((level, i) => weights[i] > 0 ? (float)(sums[i] / weights[i]) : level).Order()];
            if (next.SequenceEqual(levels))
                break;
            levels = next;
        }
        return points.ErrorOf(levels);
    }

    private static void AssertAllowed(float[] levels, int entries, bool zero, bool whole)
    {
        Assert.IsTrue(levels.Length >= 1 && levels.Length <= entries);
        for (int i = 1; i < levels.Length; i++)
            Assert.IsTrue(levels[i] > levels[i - 1]);
        Assert.IsTrue(!zero || levels.Contains(0));
        Assert.IsTrue(!whole || levels.All(level => level == MathF.Round(level) && Math.Abs(level) <= KMeansCodebook.WholeLimit));
    }
}
