using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Evaluation.Metrics;

[TestClass]
public sealed class MetricPlannerTests
{
    private readonly DiagnosticBag problems = new();

    [TestMethod]
    [DataRow("n,10", "", nameof(AccuracyMetric.CosineSimilarity))]
    [DataRow("n,10", "labels 5", nameof(AccuracyMetric.Top1))]
    [DataRow("n,3,8,8", "labels 5 8 8", nameof(AccuracyMetric.IntersectionOverUnion))]
    [DataRow("n,20,6", "labels 5 7;boxes 5 7 4", nameof(AccuracyMetric.MeanAveragePrecision))]
    public void Plan_Auto_ComesToWhatTheDataHas(string output, string arrays, string metric) =>
        Assert.AreEqual(Enum.Parse<AccuracyMetric>(metric), Plan(AccuracyMetric.Auto, Model(("y", output, OnnxElementType.Float)), arrays)!.Metric);

    [TestMethod]
    [DataRow(nameof(AccuracyMetric.TopN), "n,5;n,10", "labels 5", "y1", "labels")]
    [DataRow(nameof(AccuracyMetric.Auc), "n,5;n,2", "labels 5", "y1", "labels")]
    [DataRow(nameof(AccuracyMetric.F1), "n,1;n,3", "labels 5", "y1", "labels")]
    [DataRow(nameof(AccuracyMetric.IntersectionOverUnion), "n,5;n,8,8,3", "labels 5 8 8", "y1", "labels")]
    [DataRow(nameof(AccuracyMetric.Perplexity), "5;n,t,v", "labels 5 9", "y1", "labels")]
    [DataRow(nameof(AccuracyMetric.WordErrorRate), "n,t,v", "labels 5 9", "y0", "labels")]
    [DataRow(nameof(AccuracyMetric.MeanSquaredError), "n,3;n,4", "target 5 3", "y0", "target")]
    [DataRow(nameof(AccuracyMetric.Psnr), "n,3", "y0 5 3", "y0", "y0")]
    [DataRow(nameof(AccuracyMetric.CosineSimilarity), "n,3;n,4", "", "y0 y1", "")]
    [DataRow(nameof(AccuracyMetric.Agreement), "n,3;n,4", "", "y0", "")]
    public void Plan_Metrics_TakeTheFirstSuitableOutputAndTheirTargets(string metric, string outputs, string arrays, string chosen, string targets)
    {
        MetricPlan plan = Plan(Enum.Parse<AccuracyMetric>(metric), Floats(outputs), arrays)!;

        Assert.IsEmpty(problems.Diagnostics);
        Assert.AreEqual(chosen, string.Join(' ', plan.Outputs));
        Assert.AreEqual(targets, string.Join(' ', plan.Targets.Select(target => target.Name)));
    }

    [TestMethod]
    public void Plan_DetectionOutputs_AreFoundByShapeTypeAndName()
    {
        ModelSignature torchvision = Model(("boxes", "n,4", OnnxElementType.Float), ("labels", "n", OnnxElementType.Int64), ("scores", "n", OnnxElementType.Float));
        ModelSignature tensorflow = Model(
            ("num_detections", "n", OnnxElementType.Float), ("detection_classes", "n,100", OnnxElementType.Float), ("detection_scores", "n,100", OnnxElementType.Float),
            ("detection_boxes", "n,100,4", OnnxElementType.Float));

        CollectionAssert.AreEqual(
            new[] { "boxes", "scores", "labels" }, Plan(AccuracyMetric.MeanAveragePrecision, torchvision, "labels 5 7;boxes 5 7 4")!.Outputs.ToArray());
        CollectionAssert.AreEqual(
            new[] { "detection_boxes", "detection_scores", "detection_classes" },
            Plan(AccuracyMetric.MeanAveragePrecision, tensorflow, "labels 5 7;boxes 5 7 4")!.Outputs.ToArray());
    }

    [TestMethod]
    public void Plan_PerplexityWithoutLabels_TakesTheTokensThatTheModelReads()
    {
        ModelSignature signature = new ModelBuilder().Input("position_ids", "n,t", OnnxElementType.Int64).Input("input_ids", "n,t", OnnxElementType.Int64)
            .Input("attention_mask", "n,t", OnnxElementType.Int64).Output("y", "n,t,v").Build().Signature;
        CollectionAssert.AreEqual(
            new[] { new PlannedTarget("input_ids", true), new PlannedTarget("attention_mask", true) }, Plan(AccuracyMetric.Perplexity, signature, "")!.Targets.ToArray());
    }

    [TestMethod]
    [DataRow(nameof(AccuracyMetric.Top1), "n,5", "", "QB4010", "Metric=Top1 needs an array 'labels', and there is none")]
    [DataRow(nameof(AccuracyMetric.Top1), "n,5", "labels 5 2", "QB4010", "they are int64 [5,2], not one integer or class name per sample")]
    [DataRow(nameof(AccuracyMetric.MeanAbsoluteError), "n,5", "labels 5", "QB4023", "needs an array 'target' or 'y0' with the values that the output should have, and 'x.npz' has none. It has: 'labels'.")]
    [DataRow(nameof(AccuracyMetric.MeanAbsoluteError), "n,5", "target 5 4", "QB4024", "it is float32 [5,4], not 5 values per sample, as the output 'y0' has them")]
    [DataRow(nameof(AccuracyMetric.IntersectionOverUnion), "n,3,8,8", "labels 5 8 9", "QB4024", "not a class for every pixel of the output 'y0', whose shape is [n,3,8,8]")]
    [DataRow(nameof(AccuracyMetric.MeanAveragePrecision), "n,9,6", "labels 5 7", "QB4023", "needs an array 'boxes' with the corners")]
    [DataRow(nameof(AccuracyMetric.MeanAveragePrecision), "n,9,6", "labels 5 7;boxes 5 7 3", "QB4024", "not the corners of boxes, [samples,M,4]")]
    [DataRow(nameof(AccuracyMetric.MeanAveragePrecision), "n,9,6", "labels 5 6;boxes 5 7 4", "QB4024", "not an integer for every box of 'boxes'")]
    [DataRow(nameof(AccuracyMetric.WordErrorRate), "n,9,6", "", "QB4023", "the right sequence of every sample")]
    [DataRow(nameof(AccuracyMetric.WordErrorRate), "n,9,6", "labels 5", "QB4024", "not integers [samples,L]")]
    [DataRow(nameof(AccuracyMetric.Perplexity), "n,9,6", "", "QB4023", "the token that every position should give")]
    [DataRow(nameof(AccuracyMetric.TopN), "n,5", "labels 5", "QB4025", "no output of the model is more than 5 float32 values per sample. It has: 'y0' float32 [n,5]")]
    [DataRow(nameof(AccuracyMetric.MeanAveragePrecision), "n,9", "labels 5 7;boxes 5 7 4", "QB4025", "no outputs are detections")]
    public void Plan_WhatDoesNotFit_SaysWhatWasExpected(string metric, string outputs, string arrays, string code, string text)
    {
        Assert.IsNull(Plan(Enum.Parse<AccuracyMetric>(metric), Floats(outputs), arrays));
        Assert.AreEqual(code, problems.Diagnostics.Single().Code);
        StringAssert.Contains(problems.Diagnostics.Single().Message, text);
    }

    [TestMethod]
    [DataRow("logit", "the model has no such output. Did you mean 'logits'? It has: 'logits' float32 [n,5]; 'class' int64 [n]")]
    [DataRow("class", "that output is int64 [n], and only float32 can be measured")]
    public void Plan_MetricOutputThatCannotBe_QB4025(string name, string text)
    {
        ModelSignature signature = Model(("logits", "n,5", OnnxElementType.Float), ("class", "n", OnnxElementType.Int64));
        Assert.IsNull(Plan(Settings(AccuracyMetric.Top1) with { MetricOutput = name }, signature, "labels 5"));
        Assert.AreEqual(DiagnosticCatalogue.UnsuitableOutput, problems.Diagnostics.Single().Descriptor);
        Assert.AreEqual("MetricOutput", problems.Diagnostics.Single().Origin!.Setting);
        StringAssert.Contains(problems.Diagnostics.Single().Message, text);
    }

    [TestMethod]
    public void Plan_MetricOutput_IsMeasured() => CollectionAssert.AreEqual(
        new[] { "y1" }, Plan(Settings(AccuracyMetric.CosineSimilarity) with { MetricOutput = "y1" }, Floats("n,3;n,3"), "")!.Outputs.ToArray());

    [TestMethod]
    public void Plan_OutputAndSliceWrong_TellsBoth()
    {
        Plan(Settings(AccuracyMetric.Top1) with { MetricOutput = "z", Slice = "camara" }, Floats("n,3"), "labels 5;camera 5");
        CollectionAssert.AreEqual(new[] { "QB4025", "QB4026" }, problems.Diagnostics.Select(problem => problem.Code).ToArray());
        StringAssert.Contains(problems.Diagnostics[1].Message, "has no array 'camara' with the slice of each sample; it has: 'labels', 'camera'. Did you mean 'camera'?");
    }

    [TestMethod]
    [DataRow("a\nb\na\nb\nb\n", null)]
    [DataRow("a\nb\na\nb\n", "'s.txt' has 4 lines, and 'x.npz' has 5 samples")]
    [DataRow("a\n\na\nb\nb\n", "line 2 of 's.txt' is empty")]
    public void Plan_SliceFile_HasALineForEverySample(string lines, string? problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("s.txt"), lines);
        MetricPlan? plan = Plan(Settings(AccuracyMetric.Top1) with { SliceFile = folder.File("s.txt") }, Floats("n,3"), "labels 5");

        Assert.AreEqual(problem is null ? "a b a b b" : null, plan is null ? null : string.Join(' ', plan.Slices!.Lines));
        StringAssert.Contains(problems.Diagnostics.SingleOrDefault()?.Message ?? "", problem ?? "");
    }

    [TestMethod]
    public void Plan_SlicesOfManySamples_AreAtMostAHundred()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("s.txt"), Enumerable.Range(0, 101).Select(i => $"{i}"));
        Assert.IsNull(Plan(Settings(AccuracyMetric.Top1) with { SliceFile = folder.File("s.txt") }, Floats("n,3"), "labels 101"));
        StringAssert.Contains(problems.Diagnostics.Single().Message, "names 101 slices; at most 100");
    }

    private static ModelSignature Floats(string outputs) =>
        Model([.. outputs.Split(';').Select((shape, i) => ($"y{i}", shape, OnnxElementType.Float))]);

    private static ModelSignature Model(params (string Name, string Shape, OnnxElementType Type)[] outputs)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", "n,4");
        foreach ((string name, string shape, OnnxElementType type) in outputs)
            builder.Output(name, shape, type);
        return builder.Build().Signature;
    }

    private MetricPlan? Plan(AccuracyMetric metric, ModelSignature signature, string arrays) => Plan(Settings(metric), signature, arrays);

    /// <param name="arrays">Names and shapes; <c>target</c>, <c>boxes</c> and what is named like an output hold floats, the others integers.</param>
    private MetricPlan? Plan(QuantizationSettings settings, ModelSignature signature, string arrays)
    {
        SampleArray[] described =
        [
            .. arrays.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(array => array.Split(' ')).Select(words => new SampleArray(
                words[0],
                words[0] is "target" or "boxes" or "y0" ? OnnxElementType.Float : OnnxElementType.Int64,
                [.. words.Skip(1).Select(word => long.Parse(word, System.Globalization.CultureInfo.InvariantCulture))])),
        ];
        return MetricPlanner.Plan(
            settings, signature, new MeasuredData("x.npz", described, "labels", described.FirstOrDefault()?.SampleCount ?? 5), new DiagnosticOrigin("model.onnx"), problems);
    }

    private static QuantizationSettings Settings(AccuracyMetric metric) => new()
    {
        DisplayPath = "model.onnx", ModelPath = "model.onnx", Name = "model", ClassName = "Model", Metric = metric, MetricRank = 5,
    };
}
