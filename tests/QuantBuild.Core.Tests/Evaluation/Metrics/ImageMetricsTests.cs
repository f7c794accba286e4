using QuantBuild.Evaluation.Metrics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

[TestClass]
public sealed class ImageMetricsTests
{
    private const double Rounding = 1e-12;

    private static readonly MetricPlan Boxes = new(
        AccuracyMetric.MeanAveragePrecision, 1, ["boxes", "scores", "classes"], [new PlannedTarget("boxes"), new PlannedTarget("labels")]) { Roles = new DetectionRoles(0, 1, 2) };

    /// <summary>Labels 0 0 1 1, predictions 0 1 1 1: class 0 shares 1 of 2, class 1 2 of 3; class 2 does not occur.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Iou_ClassesFirstOrLast_IsTheMeanOverClassesThatOccur(bool classesFirst)
    {
        int[] predicted = [0, 1, 1, 1];
        MetricFigures figures = new MetricRun(AccuracyMetric.IntersectionOverUnion)
            .Add(Map(predicted, 2, classesFirst), Map([0, 0, 1, 1], 2, classesFirst), MetricRun.Target([1, 4], 0, 0, 1, 1)).Figures;

        Assert.AreEqual(((1 / 2.0) + (2 / 3.0)) / 2, figures.Float, Rounding);
        Assert.AreEqual(1, figures.Quantized, Rounding);
    }

    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(255.0)]
    public void Iou_VoidPixels_AreLeftOut(double label) => Assert.AreEqual(
        1,
        new MetricRun(AccuracyMetric.IntersectionOverUnion).Add(Map([0, 1, 1, 1], 2, true), Map([0, 1, 1, 1], 2, true), MetricRun.Target([4], 0, label, 1, 1)).Figures.Float);

    [TestMethod]
    public void Iou_OtherSizeOrClass_IsRefused()
    {
        MetricRun run = new(AccuracyMetric.IntersectionOverUnion);
        StringAssert.Contains(
            Assert.ThrowsExactly<TargetException>(() => run.Add(Map([0, 1, 1, 1], 2, true), Map([0, 1, 1, 1], 2, true), MetricRun.Target([3], 0, 0, 0))).Message,
            "a label map of shape [3] is not that of the output 'y' [1,2,4,1]");
        StringAssert.Contains(
            Assert.ThrowsExactly<TargetException>(() => run.Add(Map([0, 1, 1, 1], 2, true), Map([0, 1, 1, 1], 2, true), MetricRun.Target([4], 0, 0, 0, 2))).Message,
            "the label 2 is not below 2");
    }

    /// <summary>One box of two is found, with the best score, and a wrong one: precision 1 up to recall ½, 51 of the 101 recalls, at every threshold.</summary>
    [TestMethod]
    public void MeanAveragePrecision_HalfFound_Is51Of101()
    {
        MetricFigures figures = Detect([(0, 0, 10, 10, 0.9f, 0), (50, 50, 60, 60, 0.8f, 0)], [(0, 0, 10, 10, 0), (20, 20, 30, 30, 0)]);
        Assert.AreEqual(51 / 101.0, figures.Float, Rounding);
    }

    /// <summary>The wrong detection has the better score: precision ½ at recall 1.</summary>
    [TestMethod]
    public void MeanAveragePrecision_WrongOneFirst_IsAHalf() =>
        Assert.AreEqual(0.5, Detect([(50, 50, 60, 60, 0.9f, 0), (0, 0, 10, 10, 0.8f, 0)], [(0, 0, 10, 10, 0)]).Float, Rounding);

    /// <summary>An overlap of 0.8 counts at 0.50 to 0.80: seven of the ten thresholds.</summary>
    [TestMethod]
    public void MeanAveragePrecision_OverlapOfEightTenths_CountsAtSevenThresholds() =>
        Assert.AreEqual(0.7, Detect([(0, 0, 10, 8, 0.9f, 0)], [(0, 0, 10, 10, 0)]).Float, Rounding);

    /// <summary>The second detection of a box is wrong; the class without labels does not count; padding is no box.</summary>
    [TestMethod]
    public void MeanAveragePrecision_TwoClassesDuplicatesAndPadding_IsTheMeanOfLabelledClasses()
    {
        MetricFigures figures = Detect(
            [(0, 0, 10, 10, 0.9f, 0), (0, 0, 10, 10, 0.7f, 0), (0, 0, 5, 5, 0.6f, 2), (float.NaN, 0, 5, 5, 0.6f, 1)],
            [(0, 0, 10, 10, 0), (0, 0, 4, 4, 1), (0, 0, 0, 0, -1)]);
        Assert.AreEqual(0.5, figures.Float, Rounding);
    }

    [TestMethod]
    public void MeanAveragePrecision_OneOutputOfRows_IsTheSame()
    {
        SampleOutput rows = MetricRun.Output([1, 2, 6], 0, 0, 10, 10, 0.9f, 0, 50, 50, 60, 60, 0.8f, 0);
        MetricFigures figures = new MetricRun(new MetricPlan(AccuracyMetric.MeanAveragePrecision, 1, ["y"], Boxes.Targets))
            .Add(rows, rows, MetricRun.Target([2, 4], 0, 0, 10, 10, 20, 20, 30, 30), MetricRun.Target([2], 0, 0)).Figures;
        Assert.AreEqual(51 / 101.0, figures.Float, Rounding);
    }

    [TestMethod]
    public void MeanAveragePrecision_NoLabelledBox_IsNoNumber() => Assert.IsTrue(double.IsNaN(Detect([(0, 0, 1, 1, 0.5f, 0)], []).Float));

    [TestMethod]
    [DataRow(1, 2, DisplayName = "More classes than boxes")]
    [DataRow(2, 1, DisplayName = "More boxes than classes")]
    public void MeanAveragePrecision_OtherNumberOfLabels_IsRefused(int boxes, int classes)
    {
        SampleOutput rows = MetricRun.Output([1, 1, 6], 0, 0, 10, 10, 0.9f, 0);
        MetricRun run = new(new MetricPlan(AccuracyMetric.MeanAveragePrecision, 1, ["y"], Boxes.Targets));

        TargetException problem = Assert.ThrowsExactly<TargetException>(() => run.Add(
            rows, rows, MetricRun.Target([boxes, 4], new double[boxes * 4]), MetricRun.Target([classes], new double[classes])));

        StringAssert.Contains(problem.Message, $"has {classes} classes, and 'labels' {boxes * 4} values, which is not 4 for each");
    }

    [TestMethod]
    public void MeanAveragePrecision_OtherNumberOfScores_IsRefused() => Assert.ThrowsExactly<TargetException>(() => new MetricRun(Boxes).Add(
        [MetricRun.Output([2, 4], new float[8]), MetricRun.Output([1], 1), MetricRun.Output([2], 0, 0)],
        [MetricRun.Output([2, 4], new float[8]), MetricRun.Output([1], 1), MetricRun.Output([2], 0, 0)],
        MetricRun.Target([0, 4]),
        MetricRun.Target([0])));

    /// <summary>Many random boxes against a plain computation that sorts all detections by their scores.</summary>
    [TestMethod]
    public void MeanAveragePrecision_ManySamples_IsThatOfSortedScores()
    {
        var random = new Random(7);
        MetricRun run = new(Boxes);
        var all = new List<(float Score, bool[] Right)>();
        int labelled = 0;
        for (int sample = 0; sample < 60; sample++)
        {
            (double X, double Y)[] right = [.. Enumerable.Range(0, 3).Select(i => ((i * 100) + random.NextDouble(), random.NextDouble()))];
            (float X, float Score)[] found = [.. Enumerable.Range(0, 4).Select(i => ((float)((i * 100) + (random.NextDouble() * 6)), 0.25f + (random.Next(1000) / 2048f)))];
            labelled += right.Length;
            foreach ((float x, float score) in found.OrderByDescending(box => box.Score))
            {
                // Boxes of 10 × 10 lie far apart: each detection can only be of one box.
                int nearest = (int)Math.Round((x - 3) / 100);
                double shared = nearest < right.Length ? Math.Max(0, 10 - Math.Abs(x - (float)right[nearest].X)) * (10 - (float)right[nearest].Y) : 0;
                all.Add((score, [.. Enumerable.Range(0, 10).Select(t => shared / (200 - shared) >= 0.5 + (0.05 * t))]));
            }
            SampleOutput[] outputs =
            [
                MetricRun.Output([1, 4, 4], [.. found.SelectMany(box => new[] { box.X, 0, box.X + 10, 10 })]),
                MetricRun.Output([1, 4], [.. found.Select(box => box.Score)]),
                MetricRun.Output([1, 4], 5, 5, 5, 5),
            ];
            run.Add(
                outputs, outputs, MetricRun.Target([3, 4], [.. right.SelectMany(box => new[] { box.X, box.Y, box.X + 10, box.Y + 10 })]), MetricRun.Target([3], 5, 5, 5));
        }

        double expected = Enumerable.Range(0, 10).Average(threshold =>
        {
            var points = new List<(double Recall, double Precision)>();
            foreach (float score in all.Select(detection => detection.Score).Distinct().OrderDescending())
            {
                (float Score, bool[] Right)[] taken = [.. all.Where(detection => detection.Score >= score)];
                double right = taken.Count(detection => detection.Right[threshold]);
                points.Add((right / labelled, right / taken.Length));
            }
            return Enumerable.Range(0, 101).Average(step =>
                points.Where(point => point.Recall >= (step / 100.0) - 1e-12).Select(point => point.Precision).DefaultIfEmpty(0).Max());
        });
        Assert.AreEqual(expected, run.Figures.Float, 1e-9);
        Assert.AreEqual((0, 0), (run.Figures.Low, run.Figures.High));
    }

    private static SampleOutput Map(int[] classes, int count, bool classesFirst)
    {
        var values = new float[classes.Length * count];
        for (int i = 0; i < classes.Length; i++)
            values[classesFirst ? (classes[i] * classes.Length) + i : (i * count) + classes[i]] = 1;
        return MetricRun.Output(classesFirst ? [1, count, classes.Length, 1] : [1, classes.Length, 1, count], values);
    }

    private static MetricFigures Detect((float X1, float Y1, float X2, float Y2, float Score, int Class)[] found, (double X1, double Y1, double X2, double Y2, int Class)[] labelled)
    {
        SampleOutput[] outputs =
        [
            new("boxes", OnnxElementType.Float, found.SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 }).ToArray(), [found.Length, 4]),
            new("scores", OnnxElementType.Float, found.Select(box => box.Score).ToArray(), [found.Length]),
            new("classes", OnnxElementType.Int64, found.Select(box => (float)box.Class).ToArray(), [found.Length]),
        ];
        return new MetricRun(Boxes).Add(
            outputs,
            outputs,
            MetricRun.Target([labelled.Length, 4], [.. labelled.SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })]),
            MetricRun.Target([labelled.Length], [.. labelled.Select(box => (double)box.Class)])).Figures;
    }
}
