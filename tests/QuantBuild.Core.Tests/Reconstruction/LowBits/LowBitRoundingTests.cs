using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

[TestClass]
public sealed class LowBitRoundingTests
{
    /// <summary>Float32 sums of a few hundred products.</summary>
    private const double RoundingOfSums = 1e-4;

    private static readonly (int Channels, int Columns, int Block)[] Shapes =
        [(1, 1, 1), (3, 2, 1), (2, 7, 3), (4, 64, 16), (17, 65, 32), (5, 150, 48), (3, 150, 150)];

    private static readonly (string Name, Action<LayerGram, LowBitLayer, int> Round)[] Roundings =
    [
        ("min-max", (_, layer, threads) => GridSearch.MinMax(layer, threads)),
        ("mse", (_, layer, threads) => GridSearch.Mse(layer, threads)),
        ("weighted", (gram, layer, threads) => GridSearch.Weighted(layer, gram, threads)),
        ("gptq", (gram, layer, threads) => LowBitGptq.Round(gram, layer, ColumnOrder.Natural, threads)),
        ("gptq, new scales", (gram, layer, threads) => LowBitGptq.Round(gram, layer, ColumnOrder.NaturalWithNewScales, threads)),
        ("gptq, largest first", (gram, layer, threads) => LowBitGptq.Round(gram, layer, ColumnOrder.LargestFirst, threads)),
        ("descent", (gram, layer, threads) => GridDescent.Improve(gram, layer, threads)),
        ("refit", (gram, layer, threads) => ScaleRefit.Fit(gram, layer, threads)),
        ("best", (gram, layer, threads) => BestRounding.Round(gram, layer, threads)),
    ];

    private static IEnumerable<(string Name, LayerGram Gram, LowBitLayer Layer)> Cases()
    {
        foreach ((int channels, int columns, int block) in Shapes)
            foreach (bool drifts in new[] { false, true })
            {
                LayerGram gram = LowBitCases.Gram(columns, drifts: drifts);
                foreach ((string name, LowBitLayer layer) in LowBitCases.Layers(channels, columns, block))
                {
                    GridSearch.Mse(layer);
                    yield return ($"{name} of {channels} × {columns}, drift {drifts}", gram, layer);
                }
            }
    }

    [TestMethod]
    public void DescentAndRefit_AnyGrid_AreNeverWorse()
    {
        foreach ((string name, LayerGram gram, LowBitLayer layer) in Cases())
        {
            double[] before = LayerError.Of(gram, layer);
            foreach (bool refits in new[] { false, true, false, true })
            {
                if (refits)
                    ScaleRefit.Fit(gram, layer);
                else
                    GridDescent.Improve(gram, layer);
                double[] after = LayerError.Of(gram, layer);
                for (int channel = 0; channel < layer.Channels; channel++)
                    Assert.IsTrue(
                        after[channel] <= before[channel] + (RoundingOfSums * Math.Abs(before[channel])),
                        $"{before[channel]} → {after[channel]}, refit {refits}, {name}");
                before = after;
            }
        }
    }

    [TestMethod]
    public void EveryRounding_AnyGrid_GivesCodesOfTheGridAndNormalScales()
    {
        foreach ((string name, LayerGram gram, LowBitLayer start) in Cases())
            foreach ((string rounding, Action<LayerGram, LowBitLayer, int> round) in Roundings)
            {
                LowBitLayer layer = start.Copy();
                round(gram, layer, -1);
                Assert.IsTrue(layer.Codes.All(code => code < layer.Grid.LevelCount), $"{rounding}, {name}");
                Assert.IsTrue(layer.Grid.Scales.All(float.IsNormal), $"{rounding}, {name}");
                Assert.IsTrue(layer.Grid.ZeroPoints?.All(zero => zero < layer.Grid.LevelCount) ?? true, $"{rounding}, {name}");
            }
    }

    [TestMethod]
    public void EveryRounding_AnyNumberOfThreads_GivesTheSameBytes()
    {
        LayerGram gram = LowBitCases.Gram(150, drifts: true);
        foreach ((string name, LowBitLayer start) in LowBitCases.Layers(35, 150, 32))
        {
            GridSearch.Mse(start);
            foreach ((string rounding, Action<LayerGram, LowBitLayer, int> round) in Roundings)
            {
                LowBitLayer one = start.Copy();
                LowBitLayer many = start.Copy();
                round(gram, one, 1);
                round(gram, many, 5);
                CollectionAssert.AreEqual(one.Codes, many.Codes, $"{rounding}, {name}");
                CollectionAssert.AreEqual(one.Grid.Scales, many.Grid.Scales, $"{rounding}, {name}");
                CollectionAssert.AreEqual(one.Grid.ZeroPoints, many.Grid.ZeroPoints, $"{rounding}, {name}");
            }
        }
    }

    [TestMethod]
    public void EveryRounding_ChannelOfZeros_StaysZero()
    {
        LayerGram gram = LowBitCases.Gram(20);
        foreach ((string rounding, Action<LayerGram, LowBitLayer, int> round) in Roundings)
            foreach (bool isAsymmetric in new[] { false, true })
            {
                LowBitLayer layer = LowBitLayer.Uniform([.. new float[20], .. LowBitCases.Weights(1, 20)], 2, 4, 8, isAsymmetric);
                GridSearch.MinMax(layer);
                round(gram, layer, -1);
                CollectionAssert.AreEqual(new float[20], layer.ToWeight(new(1, 2, 20)).ToTensor()[..20], rounding);
            }
    }

    [TestMethod]
    public void EveryRounding_ColumnThatIsAlwaysZero_IsRoundedToTheNearest()
    {
        var sums = new MomentSums(1, 3);
        sums.Add([2, 0, 1, 1, 0, -2, 3, 0, 1]);
        LayerGram gram = sums.ToGrams(centered: false)[0];
        foreach ((string rounding, Action<LayerGram, LowBitLayer, int> round) in Roundings)
        {
            LowBitLayer layer = LowBitLayer.Uniform([0.31f, 0.77f, -0.5f], 1, 4, 1, isAsymmetric: false);
            GridSearch.MinMax(layer);
            round(gram, layer, -1);
            Assert.AreEqual(0.77f, layer.Differences(0, 1)[1] + 0.77f, 0.06f, rounding);
        }
    }

    [TestMethod]
    public void EveryRounding_InputOfZeros_IsRoundedToTheNearest()
    {
        var sums = new MomentSums(1, 4);
        sums.Add(new float[8]);
        LayerGram gram = sums.ToGrams(centered: true)[0];
        foreach ((string rounding, Action<LayerGram, LowBitLayer, int> round) in Roundings)
        {
            LowBitLayer layer = LowBitLayer.Uniform([0.31f, 0.77f, -0.5f, 0.1f], 1, 8, 4, isAsymmetric: false);
            GridSearch.MinMax(layer);
            round(gram, layer, -1);
            Assert.IsTrue(layer.Differences(0, 1).All(difference => Math.Abs(difference) < 0.005f), rounding);
        }
    }

    /// <summary>Each against the nearest of the weighted search; gains in the error, as measured and rounded down.</summary>
    [TestMethod]
    [DataRow("gptq", 1.6)]
    [DataRow("gptq, new scales", 1.6)]
    [DataRow("gptq, largest first", 1.6)]
    [DataRow("descent", 1.4)]
    [DataRow("best", 1.9)]
    public void EveryRounding_ColumnsThatGoTogether_GainsOverTheNearest(string name, double leastGain)
    {
        LayerGram gram = LowBitCases.Gram(150);
        foreach (int bits in new[] { 2, 3, 4 })
            foreach (bool isAsymmetric in new[] { false, true })
            {
                LowBitLayer layer = LowBitLayer.Uniform(LowBitCases.Weights(35, 150), 35, bits, 32, isAsymmetric);
                GridSearch.Weighted(layer, gram);
                double before = LayerError.Of(gram, layer).Sum();

                Roundings.Single(rounding => rounding.Name == name).Round(gram, layer, -1);

                double after = LayerError.Of(gram, layer).Sum();
                Assert.IsTrue(after * leastGain <= before, $"{bits} bits: {before} → {after}: {before / after}");
            }
    }

    [TestMethod]
    public void Gptq_LargestFirst_KeepsScalesAndZeroPoints()
    {
        LayerGram gram = LowBitCases.Gram(64);
        LowBitLayer layer = LowBitLayer.Uniform(LowBitCases.Weights(4, 64), 4, 4, 16, isAsymmetric: true);
        GridSearch.Weighted(layer, gram);
        LowBitLayer before = layer.Copy();

        LowBitGptq.Round(gram, layer, ColumnOrder.LargestFirst);

        CollectionAssert.AreEqual(before.Grid.Scales, layer.Grid.Scales);
        CollectionAssert.AreEqual(before.Grid.ZeroPoints, layer.Grid.ZeroPoints);
        CollectionAssert.AreNotEqual(before.Codes, layer.Codes);
    }

    /// <summary>All codes of six columns in two bits at every one of many scales: nothing can be better by more than the steps of the scales.</summary>
    [TestMethod]
    public void Best_TinyLayer_ComesCloseToTheBestOfAllCodes()
    {
        const int Columns = 6;
        LayerGram gram = LowBitCases.Gram(Columns);
        LowBitLayer layer = LowBitLayer.Uniform(LowBitCases.Weights(12, Columns), 12, 2, Columns, isAsymmetric: false);

        double[] errors = BestRounding.Round(gram, layer);

        double[] best = [.. Enumerable.Range(0, layer.Channels).Select(channel => BestError(gram, layer.WeightsOf(channel).ToArray()))];
        for (int channel = 0; channel < best.Length; channel++)
            Assert.IsTrue(best[channel] <= errors[channel] * (1 + RoundingOfSums), $"{best[channel]} {errors[channel]}");
        Assert.IsTrue(errors.Sum() <= 1.4 * best.Sum(), $"{errors.Sum()} {best.Sum()}");
    }

    /// <summary>What large models are rounded with. The fewer columns, the more it loses.</summary>
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Quick_ManyColumns_NearlyAsGoodAsTheBest(int bits)
    {
        const int Columns = 128;
        const double HalfADecibel = 1.122;
        LayerGram gram = LowBitCases.Gram(Columns);
        LowBitLayer[] layers =
        [
            .. Enumerable.Range(0, 2).Select(_ => LowBitLayer.Uniform(LowBitCases.Weights(48, Columns), 48, bits, 32, isAsymmetric: false)),
        ];

        double best = BestRounding.Round(gram, layers[0]).Sum();
        BestRounding.Quick(gram, layers[1]);
        double quick = LayerError.Of(gram, layers[1]).Sum();

        Assert.IsTrue(quick <= HalfADecibel * best, $"{quick} {best}");
    }

    /// <summary>The error with the best scale for each of 4^6 choices of levels, in closed form.</summary>
    private static double BestError(LayerGram gram, float[] weights)
    {
        int columns = weights.Length;
        double best = double.PositiveInfinity;
        for (int choice = 0; choice < 1 << (2 * columns); choice++)
        {
            double[] levels = [.. Enumerable.Range(0, columns).Select(i => ((choice >> (2 * i)) & 3) - 2.0)];
            double own = Form(gram, levels, levels);
            double[] wanted = [.. weights.Select(weight => (double)weight)];
            double both = Form(gram, levels, wanted);
            best = Math.Min(best, Form(gram, wanted, wanted) - (own > 0 ? both * both / own : 0));
        }
        return best;
    }

    private static double Form(LayerGram gram, double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            for (int j = 0; j < right.Length; j++)
                sum += left[i] * gram.Gram[(i * left.Length) + j] * right[j];
        return sum;
    }
}
