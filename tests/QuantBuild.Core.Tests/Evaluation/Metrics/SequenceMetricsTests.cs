using QuantBuild.Evaluation.Metrics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

[TestClass]
public sealed class SequenceMetricsTests
{
    /// <summary>Probabilities ½ and ¼ of the right tokens, one left out: exp((ln 2 + ln 4)/2) = √8.</summary>
    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(-100.0)]
    public void Perplexity_Labels_IsTheExponentialOfTheMeanLoss(double ignored)
    {
        SampleOutput output = MetricRun.Output([1, 3, 2], 1, 1, 0, (float)Math.Log(3), 7, 0);
        MetricFigures figures = new MetricRun(AccuracyMetric.Perplexity).Add(output, output, MetricRun.Target([3], 0, 0, ignored)).Figures;

        Assert.AreEqual(Math.Sqrt(8), figures.Float, 1e-6);
    }

    /// <summary>The first position should give the second token; the last has nothing to give.</summary>
    [TestMethod]
    public void Perplexity_OwnTokens_AreShiftedByOne()
    {
        MetricPlan plan = new(AccuracyMetric.Perplexity, 1, ["y"], [new PlannedTarget("ids", IsInput: true), new PlannedTarget("attention_mask", IsInput: true)]);
        SampleOutput output = MetricRun.Output([1, 3, 2], 0, (float)Math.Log(3), 1, 1, 9, 0);

        MetricFigures all = new MetricRun(plan).Add(output, output, MetricRun.Target([3], 0, 1, 0), MetricRun.Target([3], 1, 1, 1)).Figures;
        MetricFigures masked = new MetricRun(plan).Add(output, output, MetricRun.Target([3], 0, 1, 0), MetricRun.Target([3], 1, 1, 0)).Figures;

        Assert.AreEqual(Math.Exp((Math.Log(4 / 3.0) + Math.Log(2)) / 2), all.Float, 1e-6);
        Assert.AreEqual(4 / 3.0, masked.Float, 1e-6);
    }

    [TestMethod]
    public void Perplexity_NoChanceOrNotANumber_StaysANumber()
    {
        SampleOutput sure = MetricRun.Output([1, 1, 2], 0, 1e5f);
        SampleOutput none = MetricRun.Output([1, 1, 2], float.NaN, float.NaN);
        MetricFigures figures = new MetricRun(AccuracyMetric.Perplexity).Add(sure, none, MetricRun.Target([1], 0)).Figures;

        Assert.AreEqual(Math.Exp(700), figures.Float);
        Assert.AreEqual(Math.Exp(700), figures.Quantized);
    }

    [TestMethod]
    public void Perplexity_NothingLabelled_IsNoNumberAndOtherLengthIsRefused()
    {
        SampleOutput output = MetricRun.Output([1, 1, 2], 0, 1);
        Assert.IsTrue(double.IsNaN(new MetricRun(AccuracyMetric.Perplexity).Add(output, output, MetricRun.Target([1], -100)).Figures.Float));
        Assert.ThrowsExactly<TargetException>(() => new MetricRun(AccuracyMetric.Perplexity).Add(output, output, MetricRun.Target([2], 0, 0)));
        Assert.ThrowsExactly<TargetException>(() => new MetricRun(AccuracyMetric.Perplexity).Add(output, output, MetricRun.Target([1], 2)));
    }

    /// <summary>Classes 1 1 – 1 2 2 3 with blank 0 read 1 1 2 3.</summary>
    [TestMethod]
    [DataRow(new[] { 1.0, 1, 2, 3, -1 }, 0.0, DisplayName = "right")]
    [DataRow(new[] { 1.0, 2, 3 }, 1 / 3.0, DisplayName = "one too many")]
    [DataRow(new[] { 1.0, 1, 1, 2, 3 }, 1 / 5.0, DisplayName = "one missing")]
    [DataRow(new[] { 1.0, 3, 2, 3 }, 1 / 4.0, DisplayName = "one replaced")]
    [DataRow(new[] { 3.0 }, 3.0, DisplayName = "more errors than labels")]
    public void WordErrorRate_Labels_CountsEdits(double[] labels, double expected)
    {
        SampleOutput output = Steps(4, 1, 1, 0, 1, 2, 2, 3);
        Assert.AreEqual(expected, Run(0, null).Add(output, output, MetricRun.Target([labels.Length], labels)).Figures.Float, 1e-12);
    }

    /// <summary>With separator 3: words "1 2", "2" against "1 2", "1", "2".</summary>
    [TestMethod]
    public void WordErrorRate_Separator_CountsWords()
    {
        SampleOutput output = Steps(5, 1, 2, 3, 3, 4, 3, 2);
        Assert.AreEqual(1 / 3.0, Run(-1, 3).Add(output, output, MetricRun.Target([7], 1, 2, 3, 1, 3, 2, -1)).Figures.Float, 1e-12);
    }

    [TestMethod]
    public void WordErrorRate_NoLabelsAtAll_IsNoNumberAndUnknownClassIsRefused()
    {
        SampleOutput output = Steps(3, 1);
        Assert.IsTrue(double.IsNaN(Run(0, null).Add(output, output, MetricRun.Target([1], -1)).Figures.Float));
        Assert.ThrowsExactly<TargetException>(() => Run(0, null).Add(output, output, MetricRun.Target([1], 3)));
        Assert.ThrowsExactly<TargetException>(() => Run(3, null).Add(output, output, MetricRun.Target([1], 1)));
        Assert.ThrowsExactly<TargetException>(() => Run(-4, null).Add(output, output, MetricRun.Target([1], 1)));
    }

    private static MetricRun Run(int blank, int? separator) =>
        new(new MetricPlan(AccuracyMetric.WordErrorRate, 1, ["y"], [new PlannedTarget("labels")]) { Blank = blank, Separator = separator });

    private static SampleOutput Steps(int classes, params int[] best)
    {
        var values = new float[best.Length * classes];
        for (int step = 0; step < best.Length; step++)
            values[(step * classes) + best[step]] = 1;
        return MetricRun.Output([1, best.Length, classes], values);
    }
}
