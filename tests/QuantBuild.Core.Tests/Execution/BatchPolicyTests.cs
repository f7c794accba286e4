using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class BatchPolicyTests
{
    private const long Megabyte = 1 << 20;

    private static readonly ScriptedEngine PerSample = new((inputs, _) => Rows(inputs[0].Shape[0]));

    [TestMethod]
    public void Choose_SmallModel_LargestBatch() => Assert.AreEqual(BatchPolicy.LargestBatch, Choose(PerSample, "n,2", 100, bytesPerSample: 1));

    [TestMethod]
    public void Choose_LargeModel_WhatFitsTheBudget() => Assert.AreEqual(2, Choose(PerSample, "n,2", 100, bytesPerSample: 100 * Megabyte));

    [TestMethod]
    public void Choose_HugeModel_One() => Assert.AreEqual(1, Choose(PerSample, "n,2", 100, bytesPerSample: 1000 * Megabyte));

    [TestMethod]
    public void Choose_FixedBatch_IsThatWhateverTheSize() => Assert.AreEqual(7, Choose(PerSample, "7,2", 100, bytesPerSample: 1000 * Megabyte));

    [TestMethod]
    public void Choose_FewerSamplesThanABatch_StillTheLargest() => Assert.AreEqual(BatchPolicy.LargestBatch, Choose(PerSample, "n,2", 3, 1));

    [TestMethod]
    public void Choose_OneSample_OneBecauseItShowsNothing() => Assert.AreEqual(1, Choose(PerSample, "n,2", 1, 1));

    [TestMethod]
    public void Choose_OutputIsBakedToOneSample_One() => Assert.AreEqual(1, Choose(new ScriptedEngine((_, _) => Rows(1)), "n,2", 100, 1));

    [TestMethod]
    public void Choose_ScalarOutput_One() =>
        Assert.AreEqual(1, Choose(new ScriptedEngine((_, _) => ScriptedOutput.Floats([], 1)), "n,2", 100, 1));

    [TestMethod]
    public void Choose_OneOfTwoOutputsIsNotPerSample_One() =>
        Assert.AreEqual(1, Choose(new ScriptedEngine((inputs, name) => Rows(name == "y" ? inputs[0].Shape[0] : 3)), "n,2", 100, 1));

    [TestMethod]
    public void Choose_SequenceOutput_One() => Assert.AreEqual(
        1, Choose(new ScriptedEngine((_, _) => new ScriptedOutput(OnnxElementType.Undefined, [], [])), "n,2", 100, 1));

    [TestMethod]
    public void Choose_RuntimeRefusesTheBatch_One() =>
        Assert.AreEqual(1, Choose(new ScriptedEngine((_, _) => throw new InferenceException("cannot reshape")), "n,2", 100, 1));

    private static int Choose(ScriptedEngine engine, string shape, int count, long bytesPerSample)
    {
        var source = new ArraySampleSource(NamedArray.Of("x", [count, 2], new float[count * 2]));
        SampleBinding binding = SampleBinding.Bind(
            source, new ModelBuilder().Input("x", shape).Build().Signature, new DiagnosticOrigin("model.onnx"), new DiagnosticBag())!;
        using IInferenceSession session = engine.Open(Array.Empty<byte>());
        return BatchPolicy.Choose(binding, session, ["y", "z"], bytesPerSample);
    }

    private static ScriptedOutput Rows(long rows) => ScriptedOutput.Floats([rows, 1], new float[rows]);
}
