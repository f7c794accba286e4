using QuantBuild.Evaluation.Metrics;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

[TestClass]
public sealed class ClassMetricsTests
{
    private const double Rounding = 1e-12;

    /// <summary>From the largest: 4 (9), 1 and 3 (5, the first first), 0 (2); the NaN of 2 is larger than nothing.</summary>
    [TestMethod]
    [DataRow(1, new[] { 4 })]
    [DataRow(2, new[] { 4, 1 })]
    [DataRow(3, new[] { 4, 1, 3 })]
    [DataRow(5, new[] { 4, 1, 3, 0 })]
    public void TopN_Labels_AreRightWhenFewerAreLarger(int n, int[] right)
    {
        SampleOutput[] outputs = [MetricRun.Output([1, 5], 2, 5, float.NaN, 5, 9)];
        for (int label = 0; label < 5; label++)
            Assert.AreEqual(right.Contains(label) ? 1 : 0, new TopN(n).Score(outputs, new MetricSample([], [], [MetricRun.Target([], label)])), $"{label}");
    }

    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(3.0)]
    public void TopN_NoSuchClass_SaysWhichLabel(double label)
    {
        TargetException problem = Assert.ThrowsExactly<TargetException>(() => new MetricRun(AccuracyMetric.Top1).Add([1, 2, 3], [1, 2, 3], label));
        StringAssert.Contains(problem.Message, $"the label {label} is not below 3");
    }

    /// <summary>Class 0: TP 2, FP 1, FN 1, so 4/6; class 1: TP 1, FP 2, FN 1, so 2/5; class 2: TP 1, FN 1, so 2/3.</summary>
    [TestMethod]
    public void F1_ThreeClasses_IsTheMeanOverClasses()
    {
        MetricRun run = new(AccuracyMetric.F1);
        foreach ((int label, int predicted) in new[] { (0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (2, 2), (2, 1) })
            run.Add(OneHot(predicted, 3), OneHot(label, 3), label);

        Assert.AreEqual(((4 / 6.0) + (2 / 5.0) + (2 / 3.0)) / 3, run.Figures.Float, Rounding);
        Assert.AreEqual(1, run.Figures.Quantized, Rounding);
    }

    /// <summary>TP 2, FP 1, FN 1 of class 1.</summary>
    [TestMethod]
    public void F1_TwoClasses_IsThatOfClassOne()
    {
        MetricRun run = new(AccuracyMetric.F1);
        foreach ((int label, int predicted) in new[] { (1, 1), (1, 1), (1, 0), (0, 1), (0, 0), (0, 0), (0, 0) })
            run.Add(OneHot(predicted, 2), OneHot(0, 2), label);

        Assert.AreEqual(4 / 6.0, run.Figures.Float, Rounding);
        Assert.AreEqual(0, run.Figures.Quantized, Rounding);
    }

    [TestMethod]
    public void F1_OutputsThatAreNoNumbers_PredictNothing()
    {
        MetricRun run = new MetricRun(AccuracyMetric.F1).Add([1, 0, 0], [float.NaN, float.NaN, float.NaN], 0);
        Assert.AreEqual((1, 0), (run.Figures.Float, run.Figures.Quantized));
    }

    /// <summary>Pairs (1 over 0): 0.9 beats all three; 0.4 beats 0.1, ties with 0.4, loses to 0.8: 4.5 of 6.</summary>
    [TestMethod]
    public void Auc_OneOutput_IsTheShareOfPairsInOrder()
    {
        MetricRun run = new(AccuracyMetric.Auc);
        foreach ((float score, int label) in new[] { (0.9f, 1), (0.4f, 1), (0.1f, 0), (0.4f, 0), (0.8f, 0) })
            run.Add([score], [-score], label);

        Assert.AreEqual(4.5 / 6, run.Figures.Float, Rounding);
        Assert.AreEqual(1.5 / 6, run.Figures.Quantized, Rounding);
    }

    /// <summary>Against all pairs, one by one.</summary>
    [TestMethod]
    public void Auc_ManyScores_IsWithinTheShareOfPairsInOneBin()
    {
        const int count = 400;
        float[] noise = SeededValues.Floats("auc", -1, 1, count);
        MetricRun run = new(AccuracyMetric.Auc);
        var scores = new List<(float Score, int Label)>();
        for (int i = 0; i < count; i++)
        {
            int label = i % 3 == 0 ? 1 : 0;
            float score = noise[i] + (label * 0.5f);
            scores.Add((score, label));
            run.Add([0, score], [score], label);
        }
        double exact = scores.Where(one => one.Label == 1).Average(one => scores.Where(zero => zero.Label == 0)
            .Average(zero => one.Score > zero.Score ? 1 : one.Score == zero.Score ? 0.5 : 0));

        Assert.AreEqual(exact, run.Figures.Float, 1e-3);
        Assert.AreEqual(run.Figures.Float, run.Figures.Quantized, Rounding);
        Assert.IsGreaterThan(0, run.Figures.High);
    }

    [TestMethod]
    public void Auc_OneClassOnly_IsNoNumber() => Assert.IsTrue(double.IsNaN(new MetricRun(AccuracyMetric.Auc).Add([1], [1], 1).Add([2], [2], 1).Figures.Float));

    [TestMethod]
    public void Auc_ThreeOutputsOrAnotherLabel_AreRefused()
    {
        Assert.ThrowsExactly<TargetException>(() => new MetricRun(AccuracyMetric.Auc).Add([1, 2, 3], [1, 2, 3], 1));
        Assert.ThrowsExactly<TargetException>(() => new MetricRun(AccuracyMetric.Auc).Add([1], [1], 2));
    }

    [TestMethod]
    public void OrderedBits_Scores_KeepTheirOrder()
    {
        float[] ordered = [float.NegativeInfinity, -1e30f, -2, -1, -1e-30f, 0, 1e-30f, 0.5f, 0.501f, 1, 2, 1e30f, float.PositiveInfinity];
        for (int i = 1; i < ordered.Length; i++)
            Assert.IsLessThan(OrderedBits.Of(ordered[i]), OrderedBits.Of(ordered[i - 1]), $"{ordered[i]}");
        Assert.AreEqual(OrderedBits.Of(0f), OrderedBits.Of(-0f));
        Assert.AreEqual(0, OrderedBits.Of(float.NaN));
        Assert.IsLessThan(OrderedBits.Count, OrderedBits.Of(float.PositiveInfinity));
    }

    private static float[] OneHot(int index, int count) => [.. Enumerable.Range(0, count).Select(i => i == index ? 1f : 0f)];
}
