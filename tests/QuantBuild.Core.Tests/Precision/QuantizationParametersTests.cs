using QuantBuild.Precision;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class QuantizationParametersTests
{
    private const int Cases = 20_000;

    /// <summary>Rounding the zero point shifts the codes by half a step; rounding the scale to float moves their ends by a little more.</summary>
    private const double HalfStepAndRounding = 0.5 + 1e-4;

    [TestMethod]
    [DataRow(-1f, 1f, 2f / 255, 127, DisplayName = "both sides")]
    [DataRow(0f, 2.55f, 0.01f, 0, DisplayName = "from zero")]
    [DataRow(1f, 2.55f, 0.01f, 0, DisplayName = "above zero is widened to it")]
    [DataRow(-2.55f, 0f, 0.01f, 255, DisplayName = "up to zero")]
    [DataRow(-2.55f, -1f, 0.01f, 255, DisplayName = "below zero is widened to it")]
    public void Asymmetric_KnownRange_KnownParameters(float minimum, float maximum, float scale, int zeroPoint)
    {
        QuantizationParameters parameters = QuantizationParameters.Asymmetric(minimum, maximum);

        Assert.AreEqual(QuantizedType.UInt8, parameters.Type);
        Assert.AreEqual(scale, parameters.Scale, scale * 1e-6f);
        Assert.AreEqual(zeroPoint, parameters.ZeroPoint);
    }

    [TestMethod]
    public void Asymmetric_AnyRange_HoldsZeroAndTheRange()
    {
        var random = new Random(1);
        for (int i = 0; i < Cases; i++)
        {
            float a = AnyMagnitude(random);
            float b = AnyMagnitude(random);
            (float minimum, float maximum) = (Math.Min(a, b), Math.Max(a, b));

            QuantizationParameters parameters = QuantizationParameters.Asymmetric(minimum, maximum);

            string range = $"{minimum:G9} to {maximum:G9}: {parameters}";
            Assert.IsTrue(float.IsNormal(parameters.Scale) && parameters.Scale > 0, range);
            Assert.IsTrue(parameters.ZeroPoint is >= 0 and <= 255, range);
            double slack = HalfStepAndRounding * parameters.Scale;
            Assert.IsTrue(parameters.Lowest <= Math.Min(minimum, 0) + slack, range);
            Assert.IsTrue(parameters.Highest >= Math.Max(maximum, 0) - slack, range);
            Assert.IsTrue(parameters.Lowest <= 0 && parameters.Highest >= 0, range);
        }
    }

    [TestMethod]
    public void Asymmetric_NextToNothing_IsWidenedSoThatTheScaleIsANormalNumber()
    {
        foreach (float tiny in new[] { 0f, float.Epsilon, 1e-38f, 1e-11f })
            foreach ((float minimum, float maximum) in new[] { (0f, tiny), (-tiny, 0f), (-tiny, tiny) })
            {
                QuantizationParameters parameters = QuantizationParameters.Asymmetric(minimum, maximum);

                // The bias of a weight with a scale of its own smallness has their product as its scale.
                Assert.IsTrue(float.IsNormal(parameters.Scale * 1e-20f), $"{minimum:G9} to {maximum:G9}: {parameters}");
            }
    }

    [TestMethod]
    public void Asymmetric_AllOfFloat_ScaleIsFinite()
    {
        QuantizationParameters parameters = QuantizationParameters.Asymmetric(float.MinValue, float.MaxValue);

        Assert.IsTrue(float.IsFinite(parameters.Scale), parameters.ToString());
        Assert.AreEqual(128, parameters.ZeroPoint);
    }

    [TestMethod]
    public void Asymmetric_NothingWasSeen_ParametersOfZero()
    {
        QuantizationParameters parameters = QuantizationParameters.Asymmetric(float.PositiveInfinity, float.NegativeInfinity);

        Assert.IsTrue(float.IsNormal(parameters.Scale));
        Assert.AreEqual(0, parameters.ZeroPoint);
    }

    private static float AnyMagnitude(Random random) =>
        (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 30)));
}
