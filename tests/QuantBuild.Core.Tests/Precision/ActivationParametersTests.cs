using QuantBuild.Placement;
using QuantBuild.Precision;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class ActivationParametersTests
{
    private const int Cases = 20_000;

    private static readonly ReadBounds ReluSix = new(0, 6);

    [TestMethod]
    public void Of_AnyRange_ClipsLessThanHalfAStepAndLosesLittle()
    {
        var random = new Random(1);
        for (int i = 0; i < Cases; i++)
        {
            float low = -(float)(random.NextDouble() * Math.Pow(10, random.Next(-6, 6)));
            float high = (float)(random.NextDouble() * Math.Pow(10, random.Next(-6, 6)));

            QuantizationParameters parameters = ActivationParameters.Of(new TensorRange(low, high), null, isGiven: false);

            string range = $"{low:G9} to {high:G9}: {parameters}";
            double slack = 0.501 * parameters.Scale;
            Assert.IsTrue(parameters.Lowest <= low + slack && parameters.Highest >= high - slack, range);
            Assert.IsTrue(parameters.Scale <= 1.001 * ((double)high - low) / 255, range);
            Assert.AreEqual(parameters.Scale, CoarseGrid.Up(parameters.Scale), range);
        }
    }

    [TestMethod]
    public void Of_OneSide_ZeroIsAnOutermostCodeAndNothingClips()
    {
        var random = new Random(2);
        for (int i = 0; i < Cases; i++)
        {
            float high = (float)(random.NextDouble() * Math.Pow(10, random.Next(-6, 6)));

            QuantizationParameters above = ActivationParameters.Of(new TensorRange(0, high), null, isGiven: false);
            QuantizationParameters below = ActivationParameters.Of(new TensorRange(-high, 0), null, isGiven: false);

            Assert.AreEqual(0, above.ZeroPoint);
            Assert.AreEqual(255, below.ZeroPoint);
            Assert.IsTrue(above.Highest >= high * (1 - 4e-6f) && below.Lowest <= -high * (1 - 4e-6f), $"{high:G9}: {above}");
        }
    }

    [TestMethod]
    [DataRow(6f)]
    [DataRow(5.99995f)]
    [DataRow(7f)]
    public void Of_ClipThatIsDoneByTheRange_EndsWhereItCuts(float high) =>
        Assert.AreEqual(QuantizationParameters.Asymmetric(0, 6), ActivationParameters.Of(new TensorRange(0, high), ReluSix, isGiven: false));

    [TestMethod]
    public void Of_ValuesThatDoNotReachTheBound_StayBelowIt()
    {
        for (float high = 0.01f; high < 6; high += 0.01f)
            Assert.IsLessThanOrEqualTo(6f, ActivationParameters.Of(new TensorRange(0, high), ReluSix, isGiven: false).Highest);
    }

    [TestMethod]
    public void Of_BelowZeroWithABound_EndsWhereItCuts() => Assert.AreEqual(
        QuantizationParameters.Asymmetric(-3, 0), ActivationParameters.Of(new TensorRange(-2.99999f, 0), new ReadBounds(-3, 0), isGiven: false));

    [TestMethod]
    public void Of_BothBoundsReached_AreTheRange() => Assert.AreEqual(
        QuantizationParameters.Asymmetric(-1, 1), ActivationParameters.Of(new TensorRange(-1.5f, 1), new ReadBounds(-1, 1), isGiven: false));

    [TestMethod]
    public void Of_BoundAboveAlone_IsSnapped()
    {
        QuantizationParameters parameters = ActivationParameters.Of(new TensorRange(0, 5), new ReadBounds(0, float.PositiveInfinity), isGiven: false);

        Assert.AreEqual(CoarseGrid.Up(5.0 / 255), parameters.Scale);
    }

    [TestMethod]
    public void Of_GivenValues_AreNotSnapped() => Assert.AreEqual(
        QuantizationParameters.Asymmetric(0, 1), ActivationParameters.Of(new TensorRange(0, 1), null, isGiven: true));
}
