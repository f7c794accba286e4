using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class ModelSamplesTests
{
    private readonly DiagnosticBag problems = new();

    [TestMethod]
    public void Select_NoValidationData_EveryFourthIsHeldOutAndSaid()
    {
        ModelSamples samples = Select(calibration: 400, validation: null);

        Assert.AreEqual(300L, samples.Calibration.Count);
        Assert.AreEqual(100L, samples.Validation.Count);
        Diagnostic heldOut = problems.Diagnostics.Single();
        Assert.AreEqual(DiagnosticCatalogue.HeldOut, heldOut.Descriptor);
        StringAssert.Contains(heldOut.Message, "100 of the 400");
    }

    [TestMethod]
    public void Select_LimitWithoutValidationData_IsOfBothParts()
    {
        ModelSamples samples = Select(calibration: 400, validation: null, limit: 201);

        Assert.AreEqual(151L, samples.Calibration.Count);
        Assert.AreEqual(50L, samples.Validation.Count);
    }

    [TestMethod]
    public void Select_ValidationData_NothingIsHeldOutAndTheLimitIsOfCalibrationOnly()
    {
        ModelSamples samples = Select(calibration: 400, validation: 77, limit: 200);

        Assert.AreEqual(200L, samples.Calibration.Count);
        Assert.AreEqual(77L, samples.Validation.Count);
        Assert.IsEmpty(problems.Diagnostics);
    }

    [TestMethod]
    public void Select_FewSamples_QB4006()
    {
        Select(calibration: 99, validation: 5);

        Assert.AreEqual(DiagnosticCatalogue.FewSamples, problems.Diagnostics.Single().Descriptor);
        Assert.AreEqual("CalibrationData", problems.Diagnostics.Single().Origin!.Setting);
    }

    [TestMethod]
    public void Select_SchemeWithoutRanges_FewSamplesAreNoProblem()
    {
        Select(calibration: 99, validation: 5, choosesRanges: false);

        Assert.IsEmpty(problems.Diagnostics);
    }

    [TestMethod]
    [DataRow(3, null)]
    [DataRow(400, 3)]
    public void Select_TooFewToHoldOut_QB4009(int calibration, int? limit)
    {
        var exception = Assert.ThrowsExactly<QuantBuildException>(() => Select(calibration, validation: null, limit));

        Assert.AreEqual(DiagnosticCatalogue.NoSamples, exception.Diagnostic.Descriptor);
        StringAssert.Contains(exception.Message, "to hold out for the accuracy check; it takes at least four");
    }

    [TestMethod]
    public void First_FixedBatch_OneBatchThatStaysValid()
    {
        IReadOnlyList<InputTensor> first = ModelSamples.First(Binding("3,2", 1));

        CollectionAssert.AreEqual(new long[] { 3, 2 }, first.Single().Shape.ToArray());
        Assert.AreEqual(3 * 2 * sizeof(float), first.Single().Bytes.Length);
    }

    private ModelSamples Select(int calibration, int? validation, int? limit = null, bool choosesRanges = true)
    {
        OnnxModel model = new ModelBuilder().Input("x", "n,2").Node("Relu", "x", "y").Output("y", "n,2").Build();
        var engine = new ScriptedEngine((inputs, _) => ScriptedOutput.Floats([inputs[0].Shape[0], 1], new float[inputs[0].Shape[0]]));
        ModelSamples samples = ModelSamples.Select(
            Binding("n,2", calibration),
            validation is { } count ? Binding("n,2", count) : null,
            limit,
            choosesRanges,
            model,
            TensorFacts.None,
            engine,
            new DiagnosticOrigin("model.onnx"),
            problems);
        Assert.AreEqual(0, engine.OpenSessions);
        return samples;
    }

    private static SampleBinding Binding(string shape, int count) => SampleBinding.Bind(
        new ArraySampleSource(NamedArray.Of("x", [count, 2], new float[count * 2])),
        new ModelBuilder().Input("x", shape).Build().Signature,
        new DiagnosticOrigin("model.onnx"),
        new DiagnosticBag())!;
}
