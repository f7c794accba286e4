using QuantBuild.Reconstruction;

namespace QuantBuild.Core.Tests.Reconstruction;

[TestClass]
public sealed class WeightRoundingTests
{
    /// <summary>Float32 sums of a few hundred products.</summary>
    private const double RoundingOfSums = 1e-4;

    private static readonly (int Channels, int Columns)[] Shapes = [(1, 1), (3, 2), (2, 3), (4, 9), (5, 64), (17, 65), (35, 150)];

    [TestMethod]
    public void EveryRounding_WorstInputs_SaturateNoPair()
    {
        foreach ((string name, RoundLayer round) in RoundingCases.Roundings)
            foreach ((int channels, int columns) in Shapes)
            {
                LayerGram gram = RoundingCases.Gram(columns);
                LayerWeights weights = RoundingCases.Weights(channels, columns, pairs: true, gram);

                round(gram, weights);

                for (int channel = 0; channel < channels; channel++)
                    AssertNoPairSaturates(weights.CodesOf(channel).ToArray(), $"{name}, channel {channel} of {channels} × {columns}");
            }
    }

    [TestMethod]
    public void Descent_AnyStart_IsNeverWorse()
    {
        foreach (bool drifts in new[] { false, true })
            foreach (bool pairs in new[] { false, true })
                foreach ((int channels, int columns) in Shapes)
                {
                    LayerGram gram = RoundingCases.Gram(columns, drifts);
                    LayerWeights weights = RoundingCases.Weights(channels, columns, pairs, gram);
                    double[] before = LayerError.Of(gram, weights);

                    CoordinateDescent.Improve(gram, weights);

                    double[] after = LayerError.Of(gram, weights);
                    for (int channel = 0; channel < channels; channel++)
                        Assert.IsTrue(
                            after[channel] <= before[channel] + (RoundingOfSums * Math.Abs(before[channel])),
                            $"{before[channel]} → {after[channel]}, {channels} × {columns}, pairs {pairs}, drift {drifts}");
                }
    }

    [TestMethod]
    [DataRow("descent", 1.4)]
    [DataRow("gptq", 1.4)]
    [DataRow("adaround", 1.05)]
    [DataRow("gptq and descent", 1.5)]
    public void EveryRounding_ColumnsThatGoTogether_GainsOverTheNearest(string name, double leastGain)
    {
        LayerGram gram = RoundingCases.Gram(150);
        LayerWeights weights = RoundingCases.Weights(35, 150, pairs: false, gram);
        double before = LayerError.Of(gram, weights).Sum();

        RoundingCases.Roundings.Single(rounding => rounding.Name == name).Round(gram, weights);

        double after = LayerError.Of(gram, weights).Sum();
        Assert.IsTrue(after * leastGain <= before, $"{before} → {after}: {before / after}");
    }

    /// <summary>Where the best code of each weight alone is the best of all, descent has to find it.</summary>
    [TestMethod]
    public void Descent_ColumnsThatDoNotMeet_FindsTheBestOfAllCodes()
    {
        var gram = new LayerGram([4, 0, 0, 0.5f], null, new float[2], new float[2]);
        var weights = new LayerWeights(2, true, [90.3f, 70.4f, -50.6f, -20.2f, 127, 127]);
        weights.Scales.AsSpan().Fill(1);

        CoordinateDescent.Improve(gram, weights);

        for (int channel = 0; channel < weights.Channels; channel++)
            Assert.AreEqual(BestError(gram, weights, channel), ErrorOf(gram, weights, channel), RoundingOfSums, $"channel {channel}");
    }

    /// <summary>Neither code of (64, 64) can grow and shrinking one alone costs, but (96, 32) is better.</summary>
    [TestMethod]
    public void Descent_BothCodesAtTheLimit_MovesBoth()
    {
        var gram = new LayerGram([1, 0.9f, 0.9f, 1], null, new float[2], new float[2]);
        foreach (int sign in new[] { 1, -1 })
        {
            var weights = new LayerWeights(2, true, [sign * 120f, sign * 60f]);
            weights.Scales[0] = 1;
            (weights.Codes[0], weights.Codes[1]) = ((sbyte)(sign * 64), (sbyte)(sign * 64));

            CoordinateDescent.Improve(gram, weights);

            AssertNoPairSaturates(weights.Codes, "both moved");
            Assert.AreEqual(BestError(gram, weights, 0), ErrorOf(gram, weights, 0), RoundingOfSums * BestError(gram, weights, 0));
        }
    }

    [TestMethod]
    public void EveryRounding_ColumnThatIsAlwaysZero_IsRoundedToTheNearest()
    {
        float[] moments = [5, 0, 2, 0, 0, 0, 2, 0, 4];
        foreach ((string name, RoundLayer round) in RoundingCases.Roundings)
        {
            var gram = new LayerGram([.. moments], null, new float[3], new float[3]);
            var weights = new LayerWeights(3, false, [0.31f, 0.77f, -0.5f]);
            WeightRounding.Start(gram, weights, [0]);

            round(gram, weights);

            Assert.AreEqual(0.77f, weights.Codes[1] * weights.Scales[0], weights.Scales[0] / 2, name);
        }
    }

    [TestMethod]
    public void EveryRounding_ZerosAndSmallestScale_StayInForce()
    {
        foreach ((string name, RoundLayer round) in RoundingCases.Roundings)
        {
            LayerGram gram = RoundingCases.Gram(4);
            var weights = new LayerWeights(4, true, [0, 0, 0, 0, 1e-9f, -1e-9f, 0, 2e-9f]);
            WeightRounding.Start(gram, weights, [0, 0.5f]);

            round(gram, weights);

            CollectionAssert.AreEqual(new sbyte[8], weights.Codes, name);
            Assert.IsTrue(float.IsNormal(weights.Scales[0]) && weights.Scales[1] == 0.5f, name);
        }
    }

    private static void AssertNoPairSaturates(sbyte[] codes, string what)
    {
        foreach (int sign in new[] { 1, -1 })
            for (int i = 0; i + 1 < codes.Length; i += 2)
            {
                int first = codes[i] * sign > 0 ? 255 * codes[i] : 0;
                int second = codes[i + 1] * sign > 0 ? 255 * codes[i + 1] : 0;
                Assert.IsTrue(first + second is >= short.MinValue and <= short.MaxValue, $"{what}: ({codes[i]}, {codes[i + 1]})");
            }
    }

    private static double BestError(LayerGram gram, LayerWeights weights, int channel)
    {
        double best = double.PositiveInfinity;
        for (int a = -127; a <= 127; a++)
            for (int b = -127; b <= 127; b++)
                if (Math.Abs(a + b) <= 128)
                    best = Math.Min(best, ErrorOf(gram, a - weights.WeightsOf(channel)[0], b - weights.WeightsOf(channel)[1]));
        return best;
    }

    private static double ErrorOf(LayerGram gram, LayerWeights weights, int channel) => ErrorOf(
        gram, weights.CodesOf(channel)[0] - weights.WeightsOf(channel)[0], weights.CodesOf(channel)[1] - weights.WeightsOf(channel)[1]);

    private static double ErrorOf(LayerGram gram, double first, double second) =>
        (gram.Gram[0] * first * first) + (2 * gram.Gram[1] * first * second) + (gram.Gram[3] * second * second);
}
