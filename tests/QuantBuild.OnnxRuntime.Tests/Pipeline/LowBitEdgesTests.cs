using System.Text.Json;
using QuantBuild.Data;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Few bits where samples tell little: every model is quantized nevertheless.</summary>
[TestClass]
public sealed class LowBitEdgesTests
{
    private const int Samples = 44;

    [TestMethod]
    public void Quantize_WeightAroundABody_IsRoundedByItself()
    {
        GraphBuilder Branch(string name) => new GraphBuilder()
            .Node("Relu", "h", name + "r").Node("MatMul", $"{name}r {name}w", name).Output(name);
        ModelBuilder model = new ModelBuilder().Input("x", "1,32").Weights("w", 32, 32).Weights("aw", 32, 32).Weights("bw", 32, 32).Floats("zero", [], 0)
            .Node("MatMul", "x w", "h").Node("ReduceMean", "h", "mean", ("keepdims", 0)).Node("Greater", "mean zero", "c")
            .Node("If", "c", "y", ("then_branch", Branch("a")), ("else_branch", Branch("b"))).Output("y", "1,32");

        using PipelineProject project = Quantized(model, Values("x"), ("BlockReconstruction", "true"));

        Assert.IsTrue(File.Exists(project.Output("model.onnx")));
    }

    [TestMethod]
    public void Quantize_ProductOfTheOtherAxis_BlockIsNotLearned()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,32").Weights("v", 32, 32).Weights("w", 32, 32)
            .Node("MatMul", "x v", "h").Node("Transpose", "h", "t", ("perm", new[] { 1, 0 })).Node("MatMul", "w t", "u")
            .Node("Transpose", "u", "y", ("perm", new[] { 1, 0 })).Output("y", "n,32");

        using PipelineProject project = Quantized(model, Values("x"), ("BlockReconstruction", "true"));

        Assert.IsTrue(File.Exists(project.Output("model.onnx")));
    }

    [TestMethod]
    [Timeout(300_000)]
    [DataRow(0f)]
    [DataRow(0.37f)]
    [DataRow(1e25f)]
    public void Quantize_InputsThatDoNotVary_AreNoReasonToSearchForever(float value)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,32").Weights("w", 32, 32).Weights("b", 32).Node("Gemm", "x w b", "y").Output("y", "n,32");

        using PipelineProject project = Quantized(model, Enumerable.Repeat(value, Samples * 32).ToArray());

        Assert.IsTrue(File.Exists(project.Output("model.onnx")));
    }

    [TestMethod]
    public void Quantize_BlocksOfAModelWithoutFloatOutputs_AreLeftOutWithTheReason()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,32").Weights("w", 32, 32).Node("MatMul", "x w", "h")
            .Node("ArgMax", "h", "y", ("axis", 1), ("keepdims", 0)).Output("y", "n", OnnxElementType.Int64);

        using PipelineProject project = Quantized(model, Values("x"), ("BlockReconstruction", "true"));

        JsonElement step = project.Report("model").GetProperty("recovery").EnumerateArray().Single();
        Assert.AreEqual("BlockReconstruction", step.GetProperty("step").GetString());
        Assert.IsFalse(step.GetProperty("kept").GetBoolean());
        Assert.AreEqual("the model has no output of floats to judge it by", step.GetProperty("reason").GetString());
    }

    private static float[] Values(string seed) => SeededValues.Floats(seed, -1, 1, Samples * 32);

    private static PipelineProject Quantized(ModelBuilder model, float[] values, params (string Name, string Value)[] metadata) => new PipelineProject()
        .WithData("x.npz", NamedArray.Of("x", [Samples, 32], values))
        .WithModel("model", model, [("Scheme", "WeightOnly"), ("WeightType", "Int4"), ("CalibrationData", "x.npz"), ("Gate", "Off"), .. metadata])
        .QuantizeAll();
}
