using QuantBuild.Reconstruction;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction;

[TestClass]
public sealed class PairSafeChannelTests
{
    /// <summary>Weights at which no pair can offend: the fallback that the search must not be worse than.</summary>
    private const int SevenBitLevels = 64;

    /// <summary>Two codes that are equally near in exact arithmetic may differ by this in float32.</summary>
    private const double RoundingOfTies = 1e-3;

    /// <summary>Largest unsigned activation.</summary>
    private const int LargestInput = 255;

    public static IEnumerable<object[]> Channels()
    {
        foreach (int length in new[] { 1, 2, 3, 4, 9, 27, 64, 257 })
        {
            yield return Channel("uniform", length, i => Uniform(length)[i]);
            yield return Channel("all near the largest", length, i => 1 - (0.01f * Uniform(length)[i]));
            yield return Channel("all near the smallest", length, i => -1 + (0.01f * Uniform(length)[i]));
            yield return Channel("bell", length, i => Uniform(length)[i] * Uniform(length + 1000)[i] * Uniform(length + 2000)[i]);
            yield return Channel("one outlier", length, i => i == length / 2 ? 50 : Uniform(length)[i]);
            yield return Channel("two outliers in a pair", length, i => i < 2 ? 50 : Uniform(length)[i]);
            yield return Channel("alternating signs", length, i => i % 2 == 0 ? 1 : -1);
            yield return Channel("tiny", length, i => Uniform(length)[i] * 1e-30f);
            yield return Channel("huge", length, i => Uniform(length)[i] * 1e38f);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Channels))]
    public void Quantize_Pairs_NoneCanSaturateAndTheErrorIsAtMostThatOfSevenBits(string name, float[] weights)
    {
        var codes = new sbyte[weights.Length];

        float scale = PairSafeChannel.Quantize(weights, pairs: true, minimumScale: 0, codes);

        Assert.IsTrue(scale > 0 && float.IsFinite(scale), $"{name}: scale {scale}");
        Assert.IsTrue(codes.All(code => Math.Abs((int)code) <= PairSafeChannel.CodeLimit));
        for (int i = 0; i + 1 < codes.Length; i += 2)
            AssertCannotSaturate(codes[i], codes[i + 1]);
        double sevenBits = SquaredErrorOfSevenBits(weights);
        Assert.IsTrue(SquaredError(weights, codes, scale) <= sevenBits, $"{name}: {SquaredError(weights, codes, scale)} > {sevenBits}");
    }

    [TestMethod]
    [DynamicData(nameof(Channels))]
    public void Quantize_WithoutPairs_IsAtMostAsFarOffAsWithThem(string name, float[] weights)
    {
        var free = new sbyte[weights.Length];
        var safe = new sbyte[weights.Length];

        float freeScale = PairSafeChannel.Quantize(weights, pairs: false, 0, free);
        float safeScale = PairSafeChannel.Quantize(weights, pairs: true, 0, safe);

        double eightBits = SquaredError(weights, free, freeScale);
        Assert.IsTrue(eightBits <= SquaredErrorAt(weights, PairSafeChannel.CodeLimit) && free.All(code => code != sbyte.MinValue), name);
        Assert.IsTrue(weights.Length > 1 || eightBits == SquaredError(weights, safe, safeScale), name);
    }

    [TestMethod]
    public void Quantize_NoPairOffends_KeepsAllEightBits()
    {
        float[] weights = [.. Uniform(1).Select((weight, i) => i % 2 == 0 ? weight : 0)];
        var codes = new sbyte[weights.Length];

        float scale = PairSafeChannel.Quantize(weights, pairs: true, 0, codes);

        Assert.IsTrue(codes.Max(code => Math.Abs((int)code)) > 100);
        Assert.IsTrue(SquaredError(weights, codes, scale) <= SquaredErrorAt(weights, PairSafeChannel.CodeLimit));
    }

    [TestMethod]
    public void Quantize_LastOfAnOddCount_HasNoPartner()
    {
        var codes = new sbyte[3];

        PairSafeChannel.Quantize([0, 0.9f, 1], pairs: true, 0, codes);

        Assert.IsTrue(codes[1] + codes[2] > PairSafeChannel.PairLimit, $"{codes[1]}, {codes[2]}");
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.25f)]
    public void Quantize_Zeros_GiveZeroCodesAndAScaleAboveZero(float minimumScale)
    {
        sbyte[] codes = [1, 2, 3];

        float scale = PairSafeChannel.Quantize([0, -0f, 0], pairs: true, minimumScale, codes);

        CollectionAssert.AreEqual(new sbyte[3], codes);
        Assert.IsTrue(float.IsNormal(scale) && scale >= minimumScale);
    }

    [TestMethod]
    public void Quantize_MinimumScale_IsNotUndercut()
    {
        var codes = new sbyte[3];

        float scale = PairSafeChannel.Quantize([1, -0.3f, 0.1f], pairs: true, minimumScale: 0.5f, codes);

        Assert.AreEqual(0.5f, scale);
        CollectionAssert.AreEqual(new sbyte[] { 2, -1, 0 }, codes);
    }

    [TestMethod]
    [DataRow(10f, 20f, 10, 20)]
    [DataRow(64f, 64f, 64, 64)]
    [DataRow(127f, 127f, 64, 64)]
    [DataRow(-127f, -127f, -64, -64)]
    [DataRow(127f, -127f, 127, -127)]
    [DataRow(127f, 1f, 127, 1)]
    [DataRow(127f, 3f, 126, 2)]
    [DataRow(3f, 127f, 2, 126)]
    [DataRow(200f, 0f, 127, 0)]
    [DataRow(200f, 2f, 127, 1)]
    [DataRow(160f, 128f, 80, 48)]
    [DataRow(1000f, 1000f, 64, 64)]
    [DataRow(64.6f, 63.6f, 64, 64)]
    [DataRow(-64.6f, -63.6f, -64, -64)]
    public void ProjectPair_Codes_AreTheNearestAllowed(float first, float second, int expectedFirst, int expectedSecond) =>
        Assert.AreEqual((expectedFirst, expectedSecond), PairSafeChannel.ProjectPair(first, second));

    [TestMethod]
    public void ProjectPair_GridOfRealCodes_NoAllowedPairIsNearer()
    {
        for (float first = -160; first <= 160; first += 9.7f)
            for (float second = -160; second <= 160; second += 11.3f)
            {
                (int a, int b) = PairSafeChannel.ProjectPair(first, second);
                AssertCannotSaturate((sbyte)a, (sbyte)b);
                double distance = SquaredDistance(first, second, a, b);
                double best = BestSquaredDistance(first, second);
                Assert.IsTrue(distance <= best + RoundingOfTies, $"({first}, {second}) → ({a}, {b}): {distance}, best {best}");
            }
    }

    /// <summary>What <c>vpmaddubsw</c> adds must fit 16 bits for every pair of inputs; it is largest where both codes of one sign meet 255.</summary>
    private static void AssertCannotSaturate(sbyte first, sbyte second)
    {
        int high = LargestInput * (Math.Max((int)first, 0) + Math.Max((int)second, 0));
        int low = LargestInput * (Math.Min((int)first, 0) + Math.Min((int)second, 0));
        Assert.IsTrue(high <= short.MaxValue && low >= short.MinValue, $"({first}, {second}) reaches {low} to {high}");
    }

    private static double BestSquaredDistance(float first, float second)
    {
        double best = double.PositiveInfinity;
        for (int a = -PairSafeChannel.CodeLimit; a <= PairSafeChannel.CodeLimit; a++)
            for (int b = -PairSafeChannel.CodeLimit; b <= PairSafeChannel.CodeLimit; b++)
                if (Math.Abs(a + b) <= PairSafeChannel.PairLimit)
                    best = Math.Min(best, SquaredDistance(first, second, a, b));
        return best;
    }

    private static double SquaredDistance(double first, double second, int a, int b) =>
        ((first - a) * (first - a)) + ((second - b) * (second - b));

    private static double SquaredErrorOfSevenBits(float[] weights) => SquaredErrorAt(weights, SevenBitLevels);

    private static double SquaredErrorAt(float[] weights, int levels)
    {
        float scale = Math.Max(weights.Max(Math.Abs) / levels, 1e-20f);
        return SquaredError(weights, [.. weights.Select(weight => (sbyte)MathF.Round(weight / scale))], scale);
    }

    private static double SquaredError(float[] weights, sbyte[] codes, float scale) =>
        weights.Zip(codes, (weight, code) => weight - ((double)code * scale)).Sum(difference => difference * difference);

    private static float[] Uniform(int seed) => SeededValues.Floats($"channel {seed}", -1, 1, 257);

    private static object[] Channel(string name, int length, Func<int, float> value) =>
        [$"{name}, {length}", Enumerable.Range(0, length).Select(value).ToArray()];
}
