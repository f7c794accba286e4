using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.Codebooks;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Core.Tests.Reconstruction.Codebooks;

[TestClass]
public sealed class LevelRefitTests
{
    private const int Channels = 20;

    private const int Columns = 70;

    /// <summary>Float32 sums of a few hundred products.</summary>
    private const double RoundingOfSums = 1e-5;

    [TestMethod]
    [DataRow(false, 0)]
    [DataRow(true, 0)]
    [DataRow(true, 8)]
    public void Refitted_AnyLevelMovedAlone_IsNotBetter(bool drifts, int group)
    {
        LayerGram gram = RoundingCases.Gram(Columns, drifts);
        LowBitLayer refitted = LevelRefit.Refitted(gram, Layer(3, group, wholeNumbers: false), keepZero: false, wholeNumbers: false);
        double error = LayerError.Of(gram, refitted).Sum();

        foreach (float[] levels in refitted.Grid.Codebooks!)
            for (int code = 0; code < levels.Length; code++)
                foreach (float factor in new[] { 0.9f, 1.1f })
                {
                    float level = levels[code];
                    levels[code] = level * factor;
                    double moved = LayerError.Of(gram, refitted).Sum();
                    levels[code] = level;
                    Assert.IsTrue(moved >= error - (RoundingOfSums * Math.Abs(error)), $"level {code} of {level} times {factor}: {error} → {moved}");
                }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Improve_ColumnsThatGoTogether_GainsOverTheDescentAlone(int bits)
    {
        LayerGram gram = RoundingCases.Gram(Columns);
        LowBitLayer layer = Layer(bits, 0, wholeNumbers: false);
        GridDescent.Improve(gram, layer);
        double before = LayerError.Of(gram, layer).Sum();

        LowBitLayer improved = LevelRefit.Improve(gram, layer, keepZero: true, wholeNumbers: false);

        double after = LayerError.Of(gram, improved).Sum();
        Assert.IsTrue(after < 0.98 * before, $"{before} → {after}");
        Assert.AreEqual(before, LayerError.Of(gram, layer).Sum(), "The layer that was given stays.");
        Assert.IsTrue(improved.Grid.Codebooks![0].Contains(0));
        CollectionAssert.AreEqual(improved.Grid.Codebooks[0].Order().ToArray(), improved.Grid.Codebooks[0]);
    }

    [TestMethod]
    public void Improve_WholeNumbers_StayWholeAndAreNoWorse()
    {
        LayerGram gram = RoundingCases.Gram(Columns, drifts: true);
        LowBitLayer layer = Layer(3, 0, wholeNumbers: true);
        double before = LayerError.Of(gram, layer).Sum();

        LowBitLayer improved = LevelRefit.Improve(gram, layer, keepZero: true, wholeNumbers: true);

        Assert.IsTrue(LayerError.Of(gram, improved).Sum() < before);
        Assert.IsTrue(improved.Grid.Codebooks![0].All(level => level == MathF.Round(level) && Math.Abs(level) <= KMeansCodebook.WholeLimit));
    }

    [TestMethod]
    public void Improve_Threads_ChangeNothing()
    {
        LayerGram gram = RoundingCases.Gram(Columns);
        LowBitLayer one = LevelRefit.Improve(gram, Layer(3, 8, false), true, false, maximumThreads: 1);
        LowBitLayer many = LevelRefit.Improve(gram, Layer(3, 8, false), true, false);

        CollectionAssert.AreEqual(one.Codes, many.Codes);
        for (int i = 0; i < one.Grid.Codebooks!.Count; i++)
            CollectionAssert.AreEqual(one.Grid.Codebooks[i], many.Grid.Codebooks![i]);
    }

    private static LowBitLayer Layer(int bits, int group, bool wholeNumbers)
    {
        var rows = new WeightedRows(CodebookCases.Gaussian("refit", Channels * Columns), Columns);
        LevelGrid grid = CodebookGrid.Fit(rows, new CodebookPlan(bits, 35, group, WholeNumbers: wholeNumbers));
        var layer = new LowBitLayer(rows.Values, grid);
        layer.RoundToNearest();
        return layer;
    }
}
