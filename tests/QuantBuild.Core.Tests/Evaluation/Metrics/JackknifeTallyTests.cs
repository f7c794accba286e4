using QuantBuild.Evaluation;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

[TestClass]
public sealed class JackknifeTallyTests
{
    /// <summary>Against the ratios of 20 lists, each without one group.</summary>
    [TestMethod]
    public void Figures_Ratios_HaveTheSpreadOfTheGroups()
    {
        const int count = 90;
        float[] errors = SeededValues.Floats("jackknife", 0, 2, count * 2);
        MetricRun run = new(new MetricPlan(AccuracyMetric.WordErrorRate, 1, ["y"], [new PlannedTarget("labels")]));
        var samples = new List<(int Errors, int Other, int Words)>();
        for (int i = 0; i < count; i++)
        {
            // Every label that is not class 1 is wrong.
            int words = 2 + (i % 4);
            int wrong = (int)errors[i];
            int other = (int)errors[count + i];
            samples.Add((wrong, other, words));
            run.Add(Steps(words, wrong), Steps(words, other), MetricRun.Target([words], [.. Enumerable.Repeat(1.0, words)]));
        }
        double Difference(IEnumerable<(int Errors, int Other, int Words)> of)
        {
            (int Errors, int Other, int Words)[] all = [.. of];
            return (double)all.Sum(sample => sample.Errors - sample.Other) / all.Sum(sample => sample.Words);
        }
        double[] without = [.. Enumerable.Range(0, 20).Select(group => Difference(samples.Where((_, i) => i % 20 != group)))];
        double deviation = Math.Sqrt(without.Sum(value => Math.Pow(value - without.Average(), 2)) * 19 / 20);

        MetricFigures figures = run.Figures;

        Assert.AreEqual(Difference(samples), figures.Float - figures.Quantized, 1e-12);
        Assert.AreEqual(Difference(samples) + (2.093024 * deviation), figures.High, 1e-9);
        Assert.AreEqual(Difference(samples) - (2.093024 * deviation), figures.Low, 1e-9);
    }

    [TestMethod]
    public void Figures_OneSampleOrAClassInOneGroupOnly_CannotTell()
    {
        Assert.AreEqual(double.PositiveInfinity, new MetricRun(AccuracyMetric.Auc).Add([1], [1], 1).Add([0], [0], 0).Figures.High);
        MetricRun oneOnly = new(AccuracyMetric.Auc);
        for (int i = 0; i < 60; i++)
            oneOnly.Add([i], [i], i == 0 ? 1 : 0);
        Assert.AreEqual(double.PositiveInfinity, oneOnly.Figures.High);
    }

    /// <summary>One decision per sample: 30 of them on which both agree do not show that there is no difference.</summary>
    [TestMethod]
    public void Figures_AgreementOnAllSamples_KeepsTheWidthOfTheSamples()
    {
        MetricRun run = new(AccuracyMetric.F1);
        for (int i = 0; i < 30; i++)
            run.Add([i % 2, 1 - (i % 2)], [i % 2, 1 - (i % 2)], 1 - (i % 2));
        Assert.AreEqual(1.959964 * Math.Sqrt(2) / 32, run.Figures.High, 1e-9);
    }

    [TestMethod]
    public void Slices_Samples_AreMeasuredBySlice()
    {
        MetricRun run = new(AccuracyMetric.Top1);
        for (int i = 0; i < 8; i++)
            run.Add([0, 1], i < 2 ? [1, 0] : [0, 1], 1, i % 2 == 0 ? "b" : "a");

        Assert.AreEqual(0.75, run.Figures.Quantized);
        CollectionAssert.AreEqual(new[] { "a", "b" }, run.Slices.Select(slice => slice.Key).ToArray());
        Assert.AreEqual((4L, 0.75), (run.Slices[1].Value.Count, run.Slices[1].Value.Quantized));
    }

    [TestMethod]
    public void CustomMetric_Scores_AreMeans()
    {
        MetricPlan plan = new(AccuracyMetric.Custom, 1, ["y"], []) { Custom = new FirstValue() };
        IMeter meter = plan.NewMeter();
        foreach (float value in new float[] { 1, 2, 6 })
            meter.Add(new MetricSample([MetricRun.Output([1], value)], [MetricRun.Output([1], value + 1)], []), null);

        AccuracyComparison comparison = AccuracyComparison.Of(plan, meter, 30, 0);

        Assert.AreEqual((3, 4, 1), (comparison.Float, comparison.Quantized, comparison.Drop));
        Assert.AreEqual(("first value", "first value"), (comparison.MetricName, comparison.Text.Name));
        Assert.AreEqual((1, 1), (comparison.DropLow, comparison.DropHigh));
    }

    private static SampleOutput Steps(int words, int wrong)
    {
        // Class 0 is the blank; a blank between the words keeps repetitions apart.
        var values = new float[words * 2 * 3];
        for (int word = 0; word < words; word++)
        {
            values[(word * 6) + (word < wrong ? 2 : 1)] = 1;
            values[(word * 6) + 3] = 1;
        }
        return MetricRun.Output([1, words * 2, 3], values);
    }

    private sealed class FirstValue : ICustomMetric
    {
        public string Name => "first value";

        public bool IsLowerBetter => true;

        public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample) => outputs[0].Span[0];
    }
}
