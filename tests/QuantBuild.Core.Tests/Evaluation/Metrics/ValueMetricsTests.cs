using QuantBuild.Evaluation.Metrics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

[TestClass]
public sealed class ValueMetricsTests
{
    private const double Rounding = 1e-9;

    /// <summary>Errors 1, −2 and 0, then 3: means 1 and 3; squares 5/3 and 9.</summary>
    [TestMethod]
    [DataRow(nameof(AccuracyMetric.MeanAbsoluteError), 2.0)]
    [DataRow(nameof(AccuracyMetric.MeanSquaredError), ((5 / 3.0) + 9) / 2)]
    public void Errors_TwoSamples_AreTheMeanOfTheirMeans(string metric, double expected)
    {
        MetricRun run = new MetricRun(Enum.Parse<AccuracyMetric>(metric))
            .Add(Vector(2, 0, 5), Vector(1, 2, 5), MetricRun.Target([3], 1, 2, 5))
            .Add(Vector(4), Vector(1), MetricRun.Target([1], 1));

        Assert.AreEqual(expected, run.Figures.Float, Rounding);
        Assert.AreEqual(0, run.Figures.Quantized, Rounding);
    }

    [TestMethod]
    public void Errors_OtherLength_NamesBoth() => StringAssert.Contains(
        Assert.ThrowsExactly<TargetException>(() => new MetricRun(AccuracyMetric.MeanAbsoluteError).Add(Vector(1, 2), Vector(1, 2), MetricRun.Target([3], 1, 2, 3))).Message,
        "a sample of it has 3 values, and the output 'y' has 2");

    [TestMethod]
    public void Errors_OutputIsNoNumber_AreFiniteAndWorseThanAny()
    {
        MetricFigures figures = new MetricRun(AccuracyMetric.MeanSquaredError).Add(Vector(1), Vector(float.NaN), MetricRun.Target([1], 1)).Figures;
        Assert.AreEqual(TargetErrors.NotFinite, figures.Quantized);
    }

    /// <summary>A mean squared error of 0.01 under a peak of 1: 20 dB; of 6.5025 under 255: 40 dB.</summary>
    [TestMethod]
    [DataRow(nameof(OnnxElementType.Float), 0.1f, 20.0)]
    [DataRow(nameof(OnnxElementType.UInt8), 2.55f, 40.0)]
    [DataRow(nameof(OnnxElementType.Float), 0f, Psnr.Perfect)]
    public void Psnr_ConstantError_IsPeakOverError(string type, float error, double expected)
    {
        var sample = new MetricSample([], [], [new SampleTarget("target", Enum.Parse<OnnxElementType>(type), new double[] { 10, 20 }, [2])]);
        Assert.AreEqual(expected, new Psnr().Score([Vector(10 + error, 20 - error)], sample), 1e-4);
    }

    /// <summary>Signals 25 and 4, errors 1 and 0: 10·log₁₀(29).</summary>
    [TestMethod]
    public void SignalToNoise_TwoSamples_IsTheRatioOfTheirSums()
    {
        MetricFigures figures = new MetricRun(AccuracyMetric.SignalToNoise).Add(Vector(3, 4), Vector(3, 5)).Add(Vector(2), Vector(2)).Figures;

        Assert.AreEqual(10 * Math.Log10(29), figures.Quantized, Rounding);
        Assert.AreEqual(SignalToNoise.Perfect, figures.Float);
    }

    /// <summary>p = (½, ½), q = (¼, ¾): ½·ln 2 + ½·ln ⅔.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void KullbackLeibler_LogitsOrProbabilities_GiveTheSame(bool areProbabilities)
    {
        float[] p = areProbabilities ? [0.5f, 0.5f] : [3, 3];
        float[] q = areProbabilities ? [0.25f, 0.75f] : [(float)Math.Log(1), (float)Math.Log(3)];

        MetricFigures figures = new MetricRun(AccuracyMetric.KullbackLeibler).Add(Vector(p), Vector(q)).Figures;

        Assert.AreEqual((0.5 * Math.Log(2)) + (0.5 * Math.Log(2 / 3.0)), figures.Quantized, 1e-7);
        Assert.AreEqual(0, figures.Float);
    }

    [TestMethod]
    public void KullbackLeibler_NotANumberOrOtherLength_IsFiniteAndWorseThanAny()
    {
        Assert.AreEqual(TargetErrors.NotFinite, new MetricRun(AccuracyMetric.KullbackLeibler).Add(Vector(1, 2), Vector(1, float.NaN)).Figures.Quantized);
        Assert.AreEqual(TargetErrors.NotFinite, new MetricRun(AccuracyMetric.KullbackLeibler).Add(Vector(1, 2), Vector(1, 2, 3)).Figures.Quantized);
    }

    /// <summary>Steps of a sequence: [T, V]; pixels of an image: [C, H, W].</summary>
    [TestMethod]
    public void Agreement_ManyPositions_CountsEach()
    {
        MetricFigures sequence = new MetricRun(AccuracyMetric.Agreement).Add(
            MetricRun.Output([1, 3, 2], 1, 0, 1, 0, 0, 1), MetricRun.Output([1, 3, 2], 1, 0, 0, 1, 0, 1)).Figures;
        MetricFigures image = new MetricRun(AccuracyMetric.Agreement).Add(
            MetricRun.Output([1, 2, 2, 2], 1, 1, 1, 1, 0, 0, 0, 0), MetricRun.Output([1, 2, 2, 2], 0, 1, 1, 1, 1, 0, 0, 0)).Figures;

        Assert.AreEqual(2 / 3.0, sequence.Quantized, Rounding);
        Assert.AreEqual(0.75, image.Quantized, Rounding);
        Assert.AreEqual((1, 1), (sequence.Float, image.Float));
    }

    [TestMethod]
    public void Cosine_FloatAgainstItself_IsExactlyOne() =>
        Assert.AreEqual(1, new MetricRun(AccuracyMetric.CosineSimilarity).Add(Vector(0.1f, 0.7f, 1e-3f), Vector(0.1f, 0.7f, 1e-3f)).Figures.Float);

    private static SampleOutput Vector(params float[] values) => MetricRun.Output([1, values.Length], values);
}
