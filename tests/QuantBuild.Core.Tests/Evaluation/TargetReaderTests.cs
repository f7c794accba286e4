using QuantBuild.Data;
using QuantBuild.Evaluation;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class TargetReaderTests
{
    [TestMethod]
    public void Read_ArraysInputsAndClasses_GiveTheValuesOfTheSample()
    {
        var plan = new MetricPlan(AccuracyMetric.Perplexity, 1, [], [new PlannedTarget("target"), new PlannedTarget("ids", IsInput: true), new PlannedTarget("labels")]);
        var batch = new SampleBatch(2, 2, [new InputTensor("ids", OnnxElementType.Int32, [2, 2], Bytes(1, 2, 3, 4))], [7, 8])
        {
            Extras = Extra("target", new SampleValue(OnnxElementType.Float, [2], BitsOf(0.5f, 1)), new SampleValue(OnnxElementType.Float, [1], BitsOf(-2))),
        };

        IReadOnlyList<SampleTarget> targets = new TargetReader(plan).Read(batch, 1);

        CollectionAssert.AreEqual(new double[] { -2 }, targets[0].Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 3, 4 }, targets[1].Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 8 }, targets[2].Values.ToArray());
        CollectionAssert.AreEqual(new long[] { 1 }, targets[0].Shape.ToArray());
    }

    [TestMethod]
    public void SliceOf_TextsNumbersClassesAndLines_AreNames()
    {
        var batch = new SampleBatch(1, 1, [], [7])
        {
            Indices = [2],
            Extras = Extra("text", new SampleValue(OnnxElementType.String, [], SampleStrings.ToBytes(["größe"])))
                .Concat(Extra("number", new SampleValue(OnnxElementType.Int32, [], Bytes(-3)))).ToDictionary(),
        };

        Assert.AreEqual("größe", Reader(new SlicePlan("text", [])).SliceOf(batch, 0));
        Assert.AreEqual("-3", Reader(new SlicePlan("number", [])).SliceOf(batch, 0));
        Assert.AreEqual("7", Reader(new SlicePlan("labels", [])).SliceOf(batch, 0));
        Assert.AreEqual("c", Reader(new SlicePlan(null, ["a", "b", "c"])).SliceOf(batch, 0));
        Assert.IsNull(Reader(null).SliceOf(batch, 0));
    }

    [TestMethod]
    public void SliceOf_MoreThanAHundred_IsRefused()
    {
        TargetReader reader = Reader(new SlicePlan("number", []));
        for (int i = 0; i < 100; i++)
            reader.SliceOf(Numbered(i), 0);
        reader.SliceOf(Numbered(5), 0);

        Assert.ThrowsExactly<SliceException>(() => reader.SliceOf(Numbered(100), 0));
    }

    private static SampleBatch Numbered(int number) => new(1, 1, [], []) { Extras = Extra("number", new SampleValue(OnnxElementType.Int32, [], Bytes(number))) };

    private static TargetReader Reader(SlicePlan? slices) => new(new MetricPlan(AccuracyMetric.CosineSimilarity, 1, [], []) { Slices = slices });

    private static Dictionary<string, IReadOnlyList<SampleValue>> Extra(string name, params SampleValue[] values) => new() { [name] = values };

    private static byte[] Bytes(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] BitsOf(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
