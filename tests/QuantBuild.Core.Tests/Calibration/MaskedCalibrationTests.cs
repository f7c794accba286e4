using System.Runtime.InteropServices;
using QuantBuild.Calibration;
using QuantBuild.Core.Tests.Execution;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Calibration;

/// <summary>What a mask takes out is not seen. Where it is zero, x holds a thousand times as much.</summary>
[TestClass]
public sealed class MaskedCalibrationTests
{
    private const int Length = 5;

    private const int Width = 3;

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    /// <summary>x → a = 2x, a row for each position; b = the values of x in another order, and rest = ones, which do not follow x.</summary>
    private static readonly OnnxModel Model = new ModelBuilder().Input("x", $"n,{Length},{Width}").Input("kept", $"n,{Length}", OnnxElementType.Int64)
        .Floats("two", [1], 2).Weights("w", Width, 2)
        .Node("Mul", "x two", "a").Node("Transpose", "x", "b").Node("Identity", "x", "rest").Node("MatMul", "a w", "y").Output("y").Build();

    [TestMethod]
    public void Calibrate_RowsForPositions_OnlyThoseThatTheMaskLeavesIn()
    {
        CalibrationTable table = Calibrate(count: 12, batch: 4);

        int live = Kept(12).Count(kept => kept == 1);
        foreach (string value in new[] { "x", "a" })
        {
            Assert.AreEqual((long)live * Width, table.Activations[value].Total, value);
            Assert.IsLessThanOrEqualTo(2f, table.Activations[value].Maximum, value);
        }
        Assert.AreEqual("kept", table.MaskInput);
    }

    [TestMethod]
    public void Calibrate_OtherValues_CountWhole()
    {
        CalibrationTable table = Calibrate(count: 12, batch: 4);

        foreach (string value in new[] { "b", "rest" })
            Assert.AreEqual(12L * Length * Width, table.Activations[value].Total, value);
    }

    [TestMethod]
    public void Calibrate_NoMask_AllCounts()
    {
        CalibrationTable table = Calibrate(count: 12, batch: 4, hasMask: false);

        Assert.AreEqual(12L * Length * Width, table.Activations["x"].Total);
        Assert.AreEqual(12L * Length * Width, table.Activations["a"].Total);
        Assert.IsNull(table.MaskInput);
    }

    [TestMethod]
    public void Calibrate_AnyBatch_SameHistograms()
    {
        StreamingHistogram expected = Calibrate(count: 23, batch: 1).Activations["a"];
        foreach (int batch in new[] { 2, 7, 32 })
        {
            StreamingHistogram actual = Calibrate(23, batch).Activations["a"];

            Assert.AreEqual((expected.Minimum, expected.Maximum, expected.Total), (actual.Minimum, actual.Maximum, actual.Total));
            CollectionAssert.AreEqual(expected.Counts.ToArray(), actual.Counts.ToArray());
        }
    }

    [TestMethod]
    public void Calibrate_Rows_OnlyThoseThatTheMaskLeavesIn()
    {
        InputRows rows = Calibrate(count: 12, batch: 4).Rows.Values.Single();

        Assert.AreEqual(Kept(12).Count(kept => kept == 1), rows.Count);
        Assert.IsLessThanOrEqualTo(2f, rows.Values.Take(rows.Count * Width).Max());
    }

    [TestMethod]
    public void Add_LiveRuns_AsTheirValuesInOnePiece()
    {
        float[] values = SeededValues.Floats("v", -3, 5, 2 * Length * Width);
        LivePositions live = LivePositions.Of(SeededValues.Int64Input("kept", [2, Length], 1, 1, 0, 0, 1, 0, 0, 1, 1, 0));
        float[] together = [.. Enumerable.Range(0, live.Count).SelectMany(i => values.AsSpan(live[i] * Width, Width).ToArray())];
        var expected = new TensorStatistics();
        var actual = new TensorStatistics();

        expected.Add(together, 7);
        actual.Add(values, 7, live);

        Assert.AreEqual(expected.MovingRange.Average, actual.MovingRange.Average);
        Assert.AreEqual(expected.Histogram.Total, actual.Histogram.Total);
        Assert.AreEqual((expected.Histogram.Minimum, expected.Histogram.Maximum), (actual.Histogram.Minimum, actual.Histogram.Maximum));
        CollectionAssert.AreEqual(expected.Histogram.Counts.ToArray(), actual.Histogram.Counts.ToArray());
    }

    [TestMethod]
    public void Add_NotFiniteInPadding_IsNotSeen()
    {
        var statistics = new TensorStatistics();

        statistics.Add([1, float.NaN, 2, float.PositiveInfinity], 1, LivePositions.Of(SeededValues.Int64Input("kept", [2, 2], 1, 0, 1, 0)));

        Assert.IsNull(statistics.NotFinite);
        Assert.AreEqual(2f, statistics.Histogram.Maximum);
    }

    private static CalibrationTable Calibrate(int count, int batch, bool hasMask = true)
    {
        long[] kept = Kept(count);
        float[] x = [.. SeededValues.Floats("x", -1, 1, count * Length * Width).Select((value, i) => kept[i / Width] == 1 ? value : 1000 * value)];
        SampleBinding binding = SampleBinding.Bind(
            new ArraySampleSource(NamedArray.Of("x", [count, Length, Width], x), NamedArray.Of("kept", [count, Length], kept)),
            Model.Signature,
            Origin,
            new DiagnosticBag())!;
        var stream = new SampleStream(binding, SampleSelection.All, batch);
        IReadOnlyList<InputTensor> first = [.. new SampleStream(binding, SampleSelection.All, 2).Read().First().Inputs];
        float[] changed = [.. x.Take(2 * Length * Width).Select((value, i) => kept[i / Width] == 1 ? value : value / 2)];
        var mask = new PaddingMask("kept", first, [.. first.Select(
            input => input.Name == "x" ? SeededValues.FloatInputOf("x", [.. input.Shape], changed) : input)]);
        var samples = new ModelSamples(stream, stream, "samples", "CalibrationData", batch) { Mask = hasMask ? mask : null };
        return new Calibrator(Engine(), Origin, 128L << 20).Calibrate(Model, Plan(), Facts(), samples, _ => { }, CancellationToken.None, keepsRows: true);
    }

    private static long[] Kept(int count) => [.. SeededValues.Integers("lengths", 1, Length, count).SelectMany(
        length => Enumerable.Range(0, Length).Select(position => position < length ? 1L : 0))];

    private static PlacementPlan Plan()
    {
        OnnxNode product = Model.Graph.Nodes.Single(node => node.Is("MatMul"));
        var planned = new PlannedNode(product, [], [0], new PlannedWeight("w", 1, 1, ReductionOrder.MatrixRows), null, [], "y", true);
        return new PlacementPlan(
            [planned], [.. new[] { "x", "a", "b", "rest" }.Select(value => new PlannedActivation(value, null, null))], [], new HashSet<string>());
    }

    private static TensorFacts Facts() => new(Model.Graph, new[] { "x", "a", "b", "rest" }.ToDictionary(
        value => value, _ => new TensorFact(OnnxElementType.Float, [1, Length, Width])));

    private static ScriptedEngine Engine() => new((inputs, name) =>
    {
        InputTensor input = inputs.Single(tensor => tensor.Name == "x");
        float[] x = MemoryMarshal.Cast<byte, float>(input.Bytes.Span).ToArray();
        long count = input.Shape[0];
        return name switch
        {
            "a" => ScriptedOutput.Floats([count, Length, Width], [.. x.Select(value => 2 * value)]),
            "b" => ScriptedOutput.Floats([Width, Length, count], x),
            _ => ScriptedOutput.Floats([count, Length, Width], [.. x.Select(_ => 1f)]),
        };
    });
}
