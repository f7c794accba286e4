using QuantBuild.Reconstruction.Codebooks;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.Codebooks;

[TestClass]
public sealed class CodebookGridTests
{
    private const int Channels = 24;

    private const int Columns = 75;

    /// <summary>Channels of different width, as after training.</summary>
    private static readonly float[] Weights =
        [.. CodebookCases.Gaussian("grid", Channels * Columns).Select((value, i) => value * (0.05f + (0.02f * (i / Columns % 7))))];

    private static readonly float[] Importance = [.. SeededValues.Floats("importance", 0, 1, Columns).Select(value => value * value * value)];

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Fit_LeastSquares_BeatsAbsmaxAndUniformGrids(int bits)
    {
        var rows = new WeightedRows(Weights, Columns);

        double fitted = ErrorOf(rows, CodebookGrid.Fit(rows, new CodebookPlan(bits)));

        double absmax = ErrorOf(rows, CodebookGrid.Fit(rows, new CodebookPlan(bits, Scales: ScaleRule.Absmax)));
        double normalFloat = ErrorOf(rows, CodebookGrid.Of(rows, new CodebookPlan(bits), NormalFloatLevels.Of(bits)));
        double uniform = Enumerable.Range(0, Channels).Sum(channel => CodebookCases.BestUniformError(rows.ValuesOf(channel).ToArray(), bits));
        Assert.IsTrue(fitted < absmax, $"{fitted} against {absmax} with absmax scales");
        Assert.IsTrue(fitted < normalFloat, $"{fitted} against {normalFloat} of NF{bits}");
        Assert.IsTrue(fitted < uniform, $"{fitted} against {uniform} of the best uniform grids");
    }

    [TestMethod]
    public void Of_LeastSquaresScales_BeatAbsmax()
    {
        var rows = new WeightedRows(Weights, Columns, Importance);
        foreach (float[] levels in new[] { NormalFloatLevels.Of(3), PowersOfTwoLevels.Of(3), [-1, -0.25f, 0.5f] })
        {
            double absmax = ErrorOf(rows, CodebookGrid.Of(rows, new CodebookPlan(3, 25, Scales: ScaleRule.Absmax), levels));
            double best = ErrorOf(rows, CodebookGrid.Of(rows, new CodebookPlan(3, 25), levels));
            Assert.IsTrue(best < 0.9 * absmax, $"{best} against {absmax}");
        }
    }

    [TestMethod]
    public void Of_BlockOfFewWeights_NoScaleOfADenseSearchIsMuchBetter()
    {
        const int Blocks = 50;
        var table = new LevelTable(NormalFloatLevels.Of(3));
        double meanRatio = 0;
        for (int block = 0; block < Blocks; block++)
        {
            float[] weights = CodebookCases.Gaussian($"block {block}", 16);
            float[] importance = SeededValues.Floats($"block {block}", 0.1f, 1, 16);
            double found = Error(BlockScale.Search(weights, importance, table));

            double best = Enumerable.Range(1, 2000).SelectMany(i => new[] { i, -i }).Min(i => Error(i * 0.002f));
            Assert.IsTrue(found <= 1.15 * best, $"block {block}: {found} against {best}");
            meanRatio += found / best / Blocks;

            double Error(float scale) => weights.Zip(importance).Sum(pair =>
                pair.Second * Math.Pow(pair.First - (table.Levels[table.NearestTo(pair.First / scale)] * scale), 2));
        }
        Assert.IsTrue(meanRatio <= 1.01, $"{meanRatio}");
    }

    [TestMethod]
    public void Fit_Importance_MovesTheErrorToWhereItCostsLess()
    {
        var weighted = new WeightedRows(Weights, Columns, Importance);
        var plain = new WeightedRows(Weights, Columns);

        LevelGrid withImportance = CodebookGrid.Fit(weighted, new CodebookPlan(3));
        LevelGrid without = CodebookGrid.Fit(plain, new CodebookPlan(3));

        Assert.IsTrue(ErrorOf(weighted, withImportance) < ErrorOf(weighted, without));
        Assert.IsTrue(ErrorOf(plain, withImportance) > ErrorOf(plain, without));
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    [DataRow(16)]
    public void Fit_ChannelGroups_HaveLevelsOfTheirOwnAndLessError(int group)
    {
        var rows = new WeightedRows(Weights, Columns);

        LevelGrid grouped = CodebookGrid.Fit(rows, new CodebookPlan(3, ChannelsPerCodebook: group));

        Assert.AreEqual((Channels + group - 1) / group, grouped.Codebooks!.Count);
        for (int channel = 0; channel < Channels; channel++)
            Assert.AreSame(grouped.Codebooks[channel / group], grouped.LevelsOf(channel));
        Assert.IsTrue(ErrorOf(rows, grouped) < ErrorOf(rows, CodebookGrid.Fit(rows, new CodebookPlan(3))));
    }

    [TestMethod]
    public void Fit_WholeNumbers_AreMultipliedByEightBitKernelsWithoutSaturation()
    {
        var rows = new WeightedRows(Weights, Columns);

        LevelGrid whole = CodebookGrid.Fit(rows, new CodebookPlan(4, WholeNumbers: true));

        Assert.IsTrue(whole.Codebooks![0].All(level => level == MathF.Round(level) && Math.Abs(level) <= 64));
        double error = ErrorOf(rows, whole);
        double real = ErrorOf(rows, CodebookGrid.Fit(rows, new CodebookPlan(4)));
        Assert.IsTrue(error < 1.05 * real, $"{error / real} of the error of real levels");
        Assert.ThrowsExactly<ArgumentException>(() => CodebookGrid.Fit(rows, new CodebookPlan(4, Scales: ScaleRule.One, WholeNumbers: true)));
    }

    [TestMethod]
    public void Fit_NoScales_LevelsAreWeights()
    {
        float[] few = [0.3f, -0.7f, 0, 0.3f, -0.7f, 1.5f];
        var rows = new WeightedRows(few, 3);

        LevelGrid grid = CodebookGrid.Fit(rows, new CodebookPlan(2, Scales: ScaleRule.One));

        Assert.IsTrue(grid.Scales.All(scale => scale == 1));
        CollectionAssert.AreEqual(new[] { -0.7f, 0, 0.3f, 1.5f }, grid.Codebooks![0]);
        Assert.AreEqual(0, ErrorOf(rows, grid));
    }

    [TestMethod]
    public void Fit_ZerosAndExtremes_StayFinite()
    {
        foreach (float size in new[] { 0, 1e-20f, 1, 1e15f })
            foreach (ScaleRule rule in new[] { ScaleRule.Absmax, ScaleRule.LeastSquares })
            {
                float[] weights = [.. Weights.Take(2 * Columns).Select(value => value * size), .. new float[Columns]];
                var rows = new WeightedRows(weights, Columns, new float[Columns]);

                LevelGrid grid = CodebookGrid.Fit(rows, new CodebookPlan(3, 20, Scales: rule));

                Assert.IsTrue(grid.Scales.All(float.IsNormal) && grid.Codebooks![0].All(float.IsFinite), $"{size}");
                float[] values = [.. rows.NearestCodes(grid).Select((code, i) => grid.ValueOf(i / Columns, i % Columns, code))];
                Assert.IsTrue(values[(2 * Columns)..].All(value => value == 0), "Zeros stay zeros.");
                double left = values.Zip(weights, (value, weight) => Math.Pow((double)value - weight, 2)).Sum();
                Assert.IsTrue(left <= 0.05 * weights.Sum(weight => (double)weight * weight), $"size {size}, {rule}: {left}");
            }
    }

    [TestMethod]
    public void Fit_Threads_ChangeNothing()
    {
        var rows = new WeightedRows(Weights, Columns, Importance);
        foreach (int group in new[] { 0, 8 })
        {
            LevelGrid one = CodebookGrid.Fit(rows, new CodebookPlan(4, 25, group), maximumThreads: 1);
            LevelGrid many = CodebookGrid.Fit(rows, new CodebookPlan(4, 25, group));
            CollectionAssert.AreEqual(one.Scales, many.Scales);
            for (int i = 0; i < one.Codebooks!.Count; i++)
                CollectionAssert.AreEqual(one.Codebooks[i], many.Codebooks![i]);
        }
    }

    private static double ErrorOf(WeightedRows rows, LevelGrid grid) => rows.ErrorOf(grid, rows.NearestCodes(grid));
}
