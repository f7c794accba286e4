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

[TestClass]
public sealed class CalibratorTests
{
    private const int Length = 5;

    private const long MemoryLimit = 128L << 20;

    private static readonly HashSet<string> NoNames = [];

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    /// <summary>x → a = 2x → b = x².</summary>
    private static readonly OnnxModel Model = new ModelBuilder().Input("x", $"n,{Length}").Floats("two", [1], 2)
        .Node("Mul", "x two", "a").Node("Mul", "x x", "b").Output("b").Build();

    [TestMethod]
    public void Calibrate_AnyBatchAndAnyGroups_SameTable()
    {
        CalibrationTable expected = Calibrate(Engine(), count: 50, batch: 1);
        foreach (int batch in new[] { 2, 7, 32, 64 })
            foreach (long valueLength in new[] { Length, LengthOfAWholeGroup(batch) })
            {
                CalibrationTable actual = Calibrate(Engine(), 50, batch, valueLength);

                Assert.AreEqual(50L, actual.SampleCount);
                foreach ((string value, StreamingHistogram histogram) in expected.Activations)
                    AssertSame(histogram, actual.Activations[value], $"{value}, batch {batch}, length {valueLength}");
            }
    }

    [TestMethod]
    public void Calibrate_InputsAndInnerValues_EveryValueOfEverySampleIsSeen()
    {
        CalibrationTable table = Calibrate(Engine(), count: 10, batch: 4);

        Assert.AreEqual(10L * Length, table.Activations["x"].Total);
        Assert.AreEqual(-9f, table.Activations["x"].Minimum);
        Assert.AreEqual(16f, table.Activations["a"].Maximum);
        Assert.AreEqual(81f, table.Activations["b"].Maximum);
        Assert.AreEqual(0f, table.Activations["b"].Minimum);
    }

    [TestMethod]
    public void Calibrate_ValuesThatFitTogether_OnePass()
    {
        ScriptedEngine engine = Engine();

        Calibrate(engine, 8, 4);

        CollectionAssert.AreEqual(new[] { "a", "b" }, engine.Sessions.Single()[0].ToArray());
    }

    [TestMethod]
    public void Calibrate_ValuesBeyondTheLimit_OnePassEach()
    {
        ScriptedEngine engine = Engine();

        Calibrate(engine, 8, 4, LengthOfAWholeGroup(4));

        CollectionAssert.AreEqual(new[] { "a", "b" }, engine.Sessions.Select(runs => runs[0].Single()).ToArray());
        Assert.AreEqual(0, engine.OpenSessions);
    }

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "infinite values")]
    [DataRow(float.NegativeInfinity, "infinite values")]
    public void Calibrate_InputIsNotFinite_QB4005NamesIt(float value, string words)
    {
        var engine = Engine();

        var exception = Assert.ThrowsExactly<QuantBuildException>(() => Calibrate(engine, 8, 4, firstValue: value));

        Assert.AreEqual(DiagnosticCatalogue.NotFinite, exception.Diagnostic.Descriptor);
        StringAssert.Contains(exception.Message, $"'x' holds {words}");
        Assert.AreEqual(0, engine.OpenSessions);
    }

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.NegativeInfinity, "infinite values")]
    public void Calibrate_ModelComputesWhatIsNotFinite_IsNamedAndTheOthersAreSeen(float value, string words)
    {
        var engine = new ScriptedEngine((inputs, name) => ScriptedOutput.Floats([1], name == "b" ? value : 1));

        CalibrationTable table = Calibrate(engine, 8, 4);

        Assert.AreEqual(new KeyValuePair<string, string>("b", words), table.NotFinite.Single());
        Assert.AreEqual(2L, table.Activations["a"].Total);
    }

    [TestMethod]
    public void Calibrate_InfinitiesAndNaN_NaNIsNamed()
    {
        int run = 0;
        var engine = new ScriptedEngine((inputs, name) => ScriptedOutput.Floats([1], run++ == 0 ? float.NaN : float.PositiveInfinity));

        Assert.AreEqual("NaN", Calibrate(engine, 8, 4).NotFinite["a"]);
    }

    [TestMethod]
    public void Calibrate_TiedActivation_IsSeenAsWhatItIsTiedTo()
    {
        var plan = new PlacementPlan([], [new PlannedActivation("a", null, null), new PlannedActivation("b", null, "a")], [], NoNames);

        CalibrationTable table = new Calibrator(Engine(), Origin, MemoryLimit).Calibrate(
            Model, plan, Facts(Length), Samples(8, 4, null), _ => { }, CancellationToken.None);

        Assert.AreEqual(8L * Length, table.Activations["a"].Total);
        Assert.AreSame(table.Activations["a"], table.Activations["b"]);
    }

    /// <summary>The values of the first sample fit together, those of the last do not.</summary>
    [TestMethod]
    [DataRow("[1,2,3]", 1)]
    [DataRow("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]", 2)]
    public void Calibrate_LaterSampleIsLarger_ItsValuesKeepToTheLimitToo(string last, int passes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.jsonl"), $"{{\"x\":[1,2]}}\n{{\"x\":[3]}}\n{{\"x\":{last}}}\n");
        OnnxModel model = new ModelBuilder().Input("x", "n,length").Floats("two", [1], 2)
            .Node("Mul", "x two", "a").Node("Mul", "x x", "b").Output("b").Build();
        var request = new SampleSetRequest { Inputs = model.Signature.Inputs };
        SampleBinding binding = SampleBinding.Bind(
            SampleSources.Open(folder.File("x.jsonl"), "x.jsonl", Origin, request), model.Signature, Origin, new DiagnosticBag(), request)!;
        var stream = new SampleStream(binding, SampleSelection.All, 1);
        var facts = new TensorFacts(model.Graph, new Dictionary<string, TensorFact>
        {
            ["x"] = new(OnnxElementType.Float, [1, 2]),
            ["a"] = new(OnnxElementType.Float, [1, 2]),
            ["b"] = new(OnnxElementType.Float, [1, 2]),
        });
        ScriptedEngine engine = Engine();

        CalibrationTable table = new Calibrator(engine, Origin, (3 * TensorStatistics.SizeBytes) + 100).Calibrate(
            model, Plan(), facts, new ModelSamples(stream, stream, "samples", "CalibrationData", 1), _ => { }, CancellationToken.None);

        Assert.HasCount(passes, engine.Sessions);
        Assert.AreEqual(table.Activations["x"].Total, table.Activations["b"].Total);
    }

    [TestMethod]
    public void Calibrate_NoData_EmptyHistograms()
    {
        CalibrationTable table = new Calibrator(Engine(), Origin, MemoryLimit).Calibrate(
            Model, Plan(), Facts(Length), null, _ => { }, CancellationToken.None);

        Assert.AreEqual(0L, table.SampleCount);
        Assert.AreEqual(0L, table.Activations["a"].Total);
    }

    [TestMethod]
    public void Calibrate_Cancelled_StopsAtTheNextBatch()
    {
        using var stop = new CancellationTokenSource();
        ScriptedEngine engine = Engine();

        Assert.ThrowsExactly<OperationCanceledException>(() => new Calibrator(engine, Origin, MemoryLimit).Calibrate(
            Model, Plan(), Facts(Length), Samples(100, 1, null), _ => stop.Cancel(), stop.Token));

        Assert.HasCount(1, engine.Sessions.Single());
        Assert.AreEqual(0, engine.OpenSessions);
    }

    [TestMethod]
    public void Calibrate_Progress_GrowsToOneOverAllGroups()
    {
        var fractions = new List<double>();

        new Calibrator(Engine(), Origin, MemoryLimit).Calibrate(
            Model, Plan(), Facts(LengthOfAWholeGroup(4)), Samples(16, 4, null), fractions.Add, CancellationToken.None);

        CollectionAssert.AreEqual(fractions.Order().ToArray(), fractions);
        Assert.AreEqual(1, fractions[^1]);
        Assert.HasCount(8, fractions);
    }

    [TestMethod]
    public void Calibrate_EightTimesTheSamples_HoldsNoMore()
    {
        ModelSamples few = Samples(500, 4, null);
        ModelSamples many = Samples(4_000, 4, null);
        BoundedMemory.AssertPeakDoesNotGrow(500, 4_000, (count, probe) => new Calibrator(new ForgetfulEngine(), Origin, MemoryLimit).Calibrate(
            Model, Plan(), Facts(Length), count == 500 ? few : many, _ => probe(), CancellationToken.None));
    }

    /// <summary>Values of this length fill the limit, 128 MiB, more than half.</summary>
    private static long LengthOfAWholeGroup(int batch) => (100L << 20) / sizeof(float) / batch;

    private static CalibrationTable Calibrate(
        ScriptedEngine engine, int count, int batch, long valueLength = Length, float? firstValue = null) =>
        new Calibrator(engine, Origin, MemoryLimit).Calibrate(
            Model, Plan(), Facts(valueLength), Samples(count, batch, firstValue), _ => { }, CancellationToken.None);

    private static PlacementPlan Plan() =>
        new([], [.. new[] { "x", "a", "b" }.Select(value => new PlannedActivation(value, null, null))], [], NoNames);

    private static TensorFacts Facts(long length) => new(Model.Graph, new Dictionary<string, TensorFact>
    {
        ["x"] = new(OnnxElementType.Float, [1, Length]),
        ["a"] = new(OnnxElementType.Float, [length]),
        ["b"] = new(OnnxElementType.Float, [length]),
    });

    /// <summary>Sample i holds i with alternating sign.</summary>
    private static ModelSamples Samples(int count, int batch, float? firstValue)
    {
        var values = new float[count * Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i / Length) * ((i / Length) % 2 == 0 ? 1 : -1);
        values[0] = firstValue ?? values[0];
        SampleBinding binding = SampleBinding.Bind(
            new ArraySampleSource(NamedArray.Of("x", [count, Length], values)), Model.Signature, Origin, new DiagnosticBag())!;
        var stream = new SampleStream(binding, SampleSelection.All, batch);
        return new ModelSamples(stream, stream, "samples", "CalibrationData", batch);
    }

    private static ScriptedEngine Engine() => new((inputs, name) =>
    {
        float[] x = MemoryMarshal.Cast<byte, float>(inputs[0].Bytes.Span).ToArray();
        return ScriptedOutput.Floats([.. inputs[0].Shape], [.. x.Select(value => name == "a" ? 2 * value : value * value)]);
    });

    private static void AssertSame(StreamingHistogram expected, StreamingHistogram actual, string message)
    {
        Assert.AreEqual((expected.Exponent, expected.FirstBin, expected.Total), (actual.Exponent, actual.FirstBin, actual.Total), message);
        Assert.AreEqual((expected.Minimum, expected.Maximum), (actual.Minimum, actual.Maximum), message);
        CollectionAssert.AreEqual(expected.Counts.ToArray(), actual.Counts.ToArray(), message);
    }

    /// <summary>Keeps no record of its runs, which would grow.</summary>
    private sealed class ForgetfulEngine : IInferenceEngine, IInferenceSession
    {
        public EngineIdentity Identity => new("forgetful", "", "");

        public IInferenceSession Open(ModelImage model) => this;

        public byte[] Optimize(ModelImage model) => model.Message;

        public void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit)
        {
            for (int i = 0; i < outputs.Count; i++)
                visit(i, new OutputTensor(OnnxElementType.Float, [.. inputs[0].Shape], inputs[0].Bytes.Span));
        }

        public void Dispose()
        {
        }
    }
}
