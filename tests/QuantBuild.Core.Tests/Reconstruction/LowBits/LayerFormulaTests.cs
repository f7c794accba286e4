using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

/// <summary>What works on the error of the output, beside the formulas in double precision.</summary>
[TestClass]
public sealed class LayerFormulaTests
{
    private const int Channels = 12;

    private const int Columns = 64;

    /// <summary>Single precision against double, where a code in thousands may fall to the other side.</summary>
    private const double Precision = 0.002;

    private static readonly LayerGram Gram = LowBitCases.Gram(Columns);

    [TestMethod]
    [DataRow(3)]
    [DataRow(4)]
    public void Awq_Search_FindsTheExponentOfTheFormula(int bits)
    {
        LowBitLayer layer = Layer(bits);
        double[] errors = [.. Enumerable.Range(0, 21).Select(step => PlainAwqError(layer, step / 20.0))];

        ChannelScales found = Search(layer);

        Assert.AreEqual(errors.Min(), found.Error, Precision * errors.Min());
        Assert.AreEqual(errors.Min(), PlainAwqError(layer, found.Exponent), Precision * errors.Min());
        Assert.IsTrue(found.Exponent > 0 && found.Error < errors[0], $"{found.Exponent}: {errors[0]} → {found.Error}");
    }

    [TestMethod]
    public void Awq_TwoLayersOfOneInput_FindsFactorsForBothTogether()
    {
        LowBitLayer layer = Layer(3);
        LowBitLayer doubled = LowBitLayer.Uniform([.. layer.Weights, .. layer.Weights], 2 * Channels, 3, 16, isAsymmetric: false);
        LowBitLayer other = Layer(3);
        ChannelScales together = Search(layer, other);
        ChannelScales asOne = Search(doubled);
        Assert.AreEqual(asOne.Exponent, together.Exponent);
        CollectionAssert.AreEqual(asOne.Factors, together.Factors);
    }

    [TestMethod]
    public void ClipAndScaleEstimation_AnyGrid_LowerTheErrorOfEveryBlock()
    {
        foreach ((string name, LowBitLayer start) in LowBitCases.Layers(Channels, Columns, 24))
        {
            GridSearch.MinMax(start);
            LowBitLayer clipped = start.Copy();
            LowBitLayer estimated = start.Copy();
            Awq.Clip(Gram, clipped);
            ScaleEstimation.Improve(Gram, estimated);
            (double before, double afterClip, double afterEstimation) = (0, 0, 0);
            for (int channel = 0; channel < Channels; channel++)
                for (int first = 0; first < Columns; first += 24)
                {
                    double error = BlockError(start, channel, first);
                    double clip = BlockError(clipped, channel, first);
                    double estimation = BlockError(estimated, channel, first);
                    Assert.IsTrue(clip <= error * (1 + Precision), $"clip {error} → {clip}, {name}");
                    Assert.IsTrue(estimation <= error * (1 + Precision), $"estimation {error} → {estimation}, {name}");
                    (before, afterClip, afterEstimation) = (before + error, afterClip + clip, afterEstimation + estimation);
                }
            Assert.IsTrue(afterEstimation < before && (afterClip < before || start.Grid.Bits == 8), name);
        }
    }

    [TestMethod]
    public void SequentialMse_EachChannel_HasTheBestOfTwentyParts()
    {
        LowBitLayer layer = Layer(3);
        LowBitLayer whole = layer.Copy();
        GridSearch.MinMax(whole);

        double[] errors = SequentialMse.Quantize(Gram, layer);

        for (int channel = 0; channel < Channels; channel++)
        {
            double best = Enumerable.Range(1, 20).Min(part => PlainMatrix.ErrorOf(Gram, [.. Enumerable.Range(0, Columns).Select(column =>
            {
                double scale = whole.Grid.Scales[whole.Grid.BlockOf(channel, column)] * part / 20.0;
                double weight = layer.WeightsOf(channel)[column];
                return (Math.Clamp(Math.Round(weight / scale), -4, 3) * scale) - weight;
            })]));
            Assert.AreEqual(best, errors[channel], Precision * best);
        }
    }

    [TestMethod]
    public void AdaRound_AnyGrid_RoundsDownOrUpAndGains()
    {
        foreach ((string name, LowBitLayer layer) in LowBitCases.Layers(Channels, Columns, 16))
        {
            GridSearch.Weighted(layer, Gram);
            LowBitLayer nearest = layer.Copy();

            LowBitAdaRound.Round(Gram, layer);

            for (int i = 0; i < layer.Codes.Length; i++)
                Assert.IsTrue(Math.Abs(layer.Codes[i] - nearest.Codes[i]) <= 1, name);
            double before = LayerError.Of(Gram, nearest).Sum();
            double after = LayerError.Of(Gram, layer).Sum();
            Assert.IsTrue(after < 0.8 * before, $"{before} → {after}, {name}");
        }
    }

    [TestMethod]
    [DataRow(4, 64)]
    [DataRow(4, 128)]
    [DataRow(3, 64)]
    [DataRow(2, 16)]
    public void Lpbq_AnyLimit_GivesProductsWithinItThatAreTheWeights(int bits, int limit)
    {
        float[] weights = [.. LowBitCases.Weights(Channels, Columns).Select((weight, i) => weight * (1 + (i % Columns / 16)))];
        LowBitLayer layer = LowBitLayer.Uniform(weights, Channels, bits, 16, isAsymmetric: false);
        LowBitLayer oneScale = LowBitLayer.Uniform(layer.Weights, Channels, bits, Columns, isAsymmetric: false);
        GridSearch.Weighted(oneScale, Gram);

        TwoLevelScales scales = Lpbq.Quantize(layer, Gram, limit);
        double nearest = LayerError.Of(Gram, layer).Sum();
        LowBitGptq.Round(Gram, layer, ColumnOrder.LargestFirst);
        GridDescent.Improve(Gram, layer);
        double[] before = LayerError.Of(Gram, layer);
        Lpbq.Refit(Gram, layer, scales);
        double[] after = LayerError.Of(Gram, layer);

        Assert.IsTrue(nearest < LayerError.Of(Gram, oneScale).Sum(), "Scales of blocks gain over one of the channel.");
        Assert.IsTrue(before.Sum() < nearest);
        for (int channel = 0; channel < Channels; channel++)
            Assert.IsTrue(after[channel] <= before[channel] * (1 + Precision), $"{before[channel]} → {after[channel]}");
        sbyte[] products = scales.Products(layer);
        float[] values = layer.ToWeight(new(1, Channels, Columns)).ToTensor();
        for (int i = 0; i < products.Length; i++)
        {
            Assert.IsTrue(Math.Abs((int)products[i]) <= limit, $"{products[i]}");
            Assert.AreEqual(products[i] * scales.Channels[i / Columns], values[i], 1e-6f * Math.Abs(values[i]));
        }
        Assert.IsTrue(scales.Multiples.All(multiple => multiple is >= 1 and <= 16) && scales.Multiples.Distinct().Count() > 1);
    }

    [TestMethod]
    public void Lpbq_ZeroPoints_AreRefused() => Assert.ThrowsExactly<ArgumentException>(
        () => Lpbq.Quantize(LowBitLayer.Uniform(LowBitCases.Weights(1, Columns), 1, 4, 16, isAsymmetric: true), Gram));

    private static LowBitLayer Layer(int bits) => LowBitLayer.Uniform(LowBitCases.Weights(Channels, Columns), Channels, bits, 16, isAsymmetric: false);

    private static double BlockError(LowBitLayer layer, int channel, int first)
    {
        float[] all = layer.Differences(channel, channel + 1);
        return PlainMatrix.ErrorOf(Gram, [.. all.Select((difference, column) => column >= first && column < first + 24 ? (double)difference : 0)]);
    }

    private static ChannelScales Search(params LowBitLayer[] layers) =>
        Awq.Search([.. layers.Select(layer => new AwqPart(Gram, layer, [.. Enumerable.Range(0, Columns)]))], Columns);

    /// <summary>Blocks of 16 whose largest weight is the lowest of the codes.</summary>
    private static double PlainAwqError(LowBitLayer layer, double exponent)
    {
        double[] factors = [.. Enumerable.Range(0, Columns).Select(i => Math.Pow(Math.Sqrt(Gram.Gram[(i * Columns) + i]), exponent))];
        double middle = Math.Sqrt(factors.Max() * factors.Min());
        factors = [.. factors.Select(factor => factor / middle)];
        int half = 1 << (layer.Grid.Bits - 1);
        double error = 0;
        for (int channel = 0; channel < layer.Channels; channel++)
        {
            float[] weights = layer.WeightsOf(channel).ToArray();
            double[] multiplied = [.. weights.Select((weight, i) => weight * factors[i])];
            error += PlainMatrix.ErrorOf(Gram, [.. Enumerable.Range(0, Columns).Select(i =>
            {
                double largest = multiplied[(i / 16 * 16)..((i / 16 * 16) + 16)].MaxBy(Math.Abs);
                double scale = largest / -half;
                return (Math.Clamp(Math.Round(multiplied[i] / scale), -half, half - 1) * scale / factors[i]) - weights[i];
            })]);
        }
        return error;
    }
}
