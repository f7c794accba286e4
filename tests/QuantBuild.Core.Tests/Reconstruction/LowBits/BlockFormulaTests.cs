using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

/// <summary>Scales and zero points of single blocks beside the formulas of others and beside trying everything.</summary>
[TestClass]
public sealed class BlockFormulaTests
{
    private const int Block = 32;

    private const int Channels = 40;

    [TestMethod]
    public void MinMax_Asymmetric_ReachesFromTheLowestToTheHighestWeight()
    {
        LowBitLayer layer = Layer(4, isAsymmetric: true);
        GridSearch.MinMax(layer);
        for (int channel = 0; channel < Channels; channel++)
        {
            double[] weights = WeightsOf(layer, channel);
            double scale = (weights.Max() - weights.Min()) / 15;
            Assert.AreEqual(scale, layer.Grid.Scales[channel], 1e-6 * scale);
            Assert.AreEqual(Math.Round(-weights.Min() / scale), (double)layer.Grid.ZeroPoints![channel]);
        }
    }

    [TestMethod]
    public void MinMax_Symmetric_PutsTheLargestWeightOnTheLowestCode()
    {
        LowBitLayer layer = Layer(4, isAsymmetric: false);
        GridSearch.MinMax(layer);
        for (int channel = 0; channel < Channels; channel++)
        {
            double[] weights = WeightsOf(layer, channel);
            int largest = Enumerable.Range(0, Block).MaxBy(i => Math.Abs(weights[i]));
            Assert.AreEqual(weights[largest] / -8, layer.Grid.Scales[channel], 1e-7);
            Assert.AreEqual((byte)0, layer.CodesOf(channel)[largest]);
        }
    }

    /// <summary>Every zero point with a thousand scales of both signs cannot be better by more than the steps between those scales.</summary>
    [TestMethod]
    [DataRow(2, false)]
    [DataRow(2, true)]
    [DataRow(3, true)]
    [DataRow(4, false)]
    [DataRow(4, true)]
    public void Mse_AnyBlock_ComesCloseToTheBestOfAllGrids(int bits, bool isAsymmetric)
    {
        LowBitLayer layer = Layer(bits, isAsymmetric);
        GridSearch.Mse(layer);
        (double found, double best) = (0, 0);
        for (int channel = 0; channel < Channels; channel++)
        {
            double[] weights = WeightsOf(layer, channel);
            double[] same = [.. weights.Select(_ => 1.0)];
            found += ErrorOf(weights, same, layer.Grid.Scales[channel], layer.Grid.ZeroOf(channel), bits);
            best += BestOfAll(weights, same, bits, isAsymmetric);
        }
        Assert.IsTrue(found <= 1.03 * best && found >= 0.99 * best, $"{found} {best}");
    }

    /// <summary>Not far from trying everything, and better than rounding the offset of the best line, as the Python tool does.</summary>
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void KQuant_Asymmetric_BeatsTheFormulaWithRoundedOffsets(int bits)
    {
        LowBitLayer layer = Layer(bits, isAsymmetric: true);
        KQuant.Quantize(layer);
        (double found, double plain, double best) = (0, 0, 0);
        for (int channel = 0; channel < Channels; channel++)
        {
            double[] weights = WeightsOf(layer, channel);
            double typical = Math.Sqrt(weights.Average(weight => weight * weight));
            double[] counts = [.. weights.Select(weight => typical + Math.Abs(weight))];
            found += ErrorOf(weights, counts, layer.Grid.Scales[channel], layer.Grid.ZeroOf(channel), bits);
            (double scale, int zero) = PlainKQuant(weights, counts, bits);
            plain += ErrorOf(weights, counts, scale, zero, bits);
            best += BestOfAll(weights, counts, bits, isAsymmetric: true);
        }
        Assert.IsTrue(found <= plain && found <= 1.1 * best && found >= 0.99 * best, $"{found}, plain {plain}, best {best}");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Hqq_Asymmetric_HasTheZeroPointsOfTheFormula(int bits)
    {
        LowBitLayer layer = Layer(bits, isAsymmetric: true);
        LowBitLayer start = layer.Copy();
        GridSearch.MinMax(start);
        Hqq.Quantize(layer);
        CollectionAssert.AreEqual(start.Grid.Scales, layer.Grid.Scales);
        for (int channel = 0; channel < Channels; channel++)
            Assert.AreEqual(PlainHqq(WeightsOf(layer, channel), layer.Grid.Scales[channel], bits), layer.Grid.ZeroOf(channel), $"channel {channel}");
    }

    /// <summary>One weight of twenty times the others takes all levels for itself; a norm below 1 gives it up.</summary>
    [TestMethod]
    public void Hqq_Symmetric_IsNoWorseInItsNorm()
    {
        LowBitLayer layer = Layer(3, isAsymmetric: false);
        LowBitLayer start = layer.Copy();
        GridSearch.MinMax(start);
        Hqq.Quantize(layer);
        Assert.IsTrue(Deviation(layer) < Deviation(start), $"{Deviation(start)} → {Deviation(layer)}");

        static double Deviation(LowBitLayer layer) => layer.Differences(0, Channels).Sum(difference => Math.Abs((double)difference));
    }

    private static LowBitLayer Layer(int bits, bool isAsymmetric) => LowBitLayer.Uniform(
        [.. LowBitCases.Weights(Channels, Block).Select((weight, i) => weight + (0.01f * (i / Block % 5)))], Channels, bits, Block, isAsymmetric);

    private static double[] WeightsOf(LowBitLayer layer, int channel) => [.. layer.WeightsOf(channel).ToArray().Select(weight => (double)weight)];

    private static double ErrorOf(double[] weights, double[] counts, double scale, int zero, int bits)
    {
        double error = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double level = Math.Clamp(Math.Round(weights[i] / scale) + zero, 0, (1 << bits) - 1) - zero;
            error += counts[i] * Math.Pow((level * scale) - weights[i], 2);
        }
        return error;
    }

    private static double BestOfAll(double[] weights, double[] counts, int bits, bool isAsymmetric)
    {
        double largest = weights.Max(Math.Abs);
        int highest = (1 << bits) - 1;
        double best = double.PositiveInfinity;
        for (int zero = isAsymmetric ? 0 : 1 << (bits - 1); zero <= (isAsymmetric ? highest : 1 << (bits - 1)); zero++)
            for (int step = 1; step <= 1000; step++)
                foreach (int sign in new[] { 1, -1 })
                    if (!isAsymmetric || sign > 0)
                        best = Math.Min(best, ErrorOf(weights, counts, sign * step * 2 * largest / 1000 / (1 << (bits - 1)), zero, bits));
        return best;
    }

    /// <summary>Twenty scales, two equations for scale and offset, the offset rounded to a whole zero point at the end.</summary>
    private static (double Scale, int Zero) PlainKQuant(double[] weights, double[] counts, int bits)
    {
        int highest = (1 << bits) - 1;
        double lowest = weights.Min();
        double range = weights.Max() - lowest;
        double bestScale = range / highest;
        double bestOffset = lowest;
        double best = weights.Zip(counts, (w, c) => c * Math.Pow((Math.Round((w - lowest) / bestScale) * bestScale) + lowest - w, 2)).Sum();
        for (int trial = 0; trial < 20; trial++)
        {
            double inverse = (-1 + (0.1 * trial) + highest) / range;
            double[] codes = [.. weights.Select(w => Math.Clamp(Math.Round(inverse * (w - lowest)), 0, highest))];
            double sumC = counts.Sum();
            double sumL = counts.Zip(codes, (c, l) => c * l).Sum();
            double sumL2 = counts.Zip(codes, (c, l) => c * l * l).Sum();
            double sumX = counts.Zip(weights, (c, w) => c * w).Sum();
            double sumXL = Enumerable.Range(0, codes.Length).Sum(i => counts[i] * codes[i] * weights[i]);
            double determinant = (sumC * sumL2) - (sumL * sumL);
            double scale = ((sumC * sumXL) - (sumX * sumL)) / determinant;
            double offset = ((sumL2 * sumX) - (sumL * sumXL)) / determinant;
            double error = Enumerable.Range(0, codes.Length).Sum(i => counts[i] * Math.Pow((scale * codes[i]) + offset - weights[i], 2));
            if (error < best)
                (best, bestScale, bestOffset) = (error, scale, offset);
        }
        return (bestScale, (int)Math.Clamp(Math.Round(-bestOffset / bestScale), 0, highest));
    }

    private static int PlainHqq(double[] weights, double scale, int bits)
    {
        int highest = (1 << bits) - 1;
        double zero = -weights.Min() / scale;
        double best = zero;
        double smallest = double.MaxValue;
        double beta = 10;
        for (int round = 0; round < 20; round++)
        {
            double[] codes = [.. weights.Select(w => Math.Clamp(Math.Round((w / scale) + zero), 0, highest))];
            double[] rest = [.. weights.Zip(codes, (w, q) => w - (scale * (q - zero)))];
            double error = rest.Average(Math.Abs);
            if (error >= smallest)
                break;
            (smallest, best) = (error, zero);
            double[] shrunk = [.. rest.Select(x => Math.Sign(x) * Math.Max(Math.Abs(x) - (Math.Pow(Math.Abs(x), 0.7 - 1) / beta), 0))];
            zero = Enumerable.Range(0, weights.Length).Average(i => codes[i] - ((weights[i] - shrunk[i]) / scale));
            beta *= 1.01;
        }
        return (int)Math.Clamp(Math.Round(best), 0, highest);
    }
}
