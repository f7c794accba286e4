using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Bodies of If, Loop and Scan are graphs like any other: their nodes run in integers where their values can be seen.</summary>
[TestClass]
public sealed class BodiesTests
{
    private const int Samples = 130;

    private const string NeverSeen =
        "its values were never seen: no sample reached this branch or loop, or their shapes change from one iteration to the next";

    [TestMethod]
    public void Quantize_BranchesThatTheDataChooses_BothRunInIntegers()
    {
        using PipelineProject project = Vectors(WithIf(threshold: 0, Net("a"), Net("b")));

        AssertFused(project, 5, 5);
    }

    [TestMethod]
    public void Quantize_BranchThatNoSampleTakes_StaysFloatAndIsStored()
    {
        using PipelineProject project = Vectors(WithIf(threshold: 1e9f, Net("a"), Net("b")));

        AssertFused(project, 3, 3);

        Assert.AreEqual(NeverSeen, Reason(project, "a2"));
        OnnxGraph never = Shipped(project).Nodes.Single(node => node.Is("If")).Body("then_branch")!;
        Assert.IsFalse(never.InitializerNames.Any(name => never.InitializerOf(name) is { ElementType: OnnxElementType.Float, Length: > 512 }));
    }

    [TestMethod]
    public void Quantize_WeightAroundThatBothBranchesRead_BothRunInIntegers()
    {
        GraphBuilder Reading(string output) => new GraphBuilder().Node("MatMul", "h shared", output).Output(output);
        using PipelineProject project = Vectors(WithIf(threshold: 0, Reading("t"), Reading("e")).Weights("shared", 32, 24));

        AssertFused(project, 3, 3);
    }

    [TestMethod]
    public void Quantize_Loop_ItsBodyRunsInIntegers()
    {
        GraphBuilder body = new GraphBuilder().Input("i", "", OnnxElementType.Int64).Input("go", "", OnnxElementType.Bool).Input("v", "1,16")
            .Initializer("w", SeededValues.Tensor("w", -0.3f, 0.3f, 16, 48)).Initializer("u", SeededValues.Tensor("u", -0.3f, 0.3f, 48, 16))
            .Node("MatMul", "v w", "m").Node("Relu", "m", "r").Node("MatMul", "r u", "next").Node("Identity", "go", "again")
            .Output("again", "", OnnxElementType.Bool).Output("next", "1,16");
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "1,16").Initializer("n", OnnxTensor.Create(OnnxElementType.Int64, [], [3L]))
            .Node("Loop", "n - x", "y", ("body", body)).Output("y", "1,16"));

        AssertFused(project, 2, 2);
    }

    [TestMethod]
    public void Quantize_ScanWithAxesOfItsOwn_ItsBodyRunsInIntegers()
    {
        GraphBuilder body = new GraphBuilder().Input("s", "1,24").Input("e", "1,8")
            .Initializer("w", SeededValues.Tensor("w", -0.3f, 0.3f, 8, 24)).Node("MatMul", "e w", "m").Node("Add", "s m", "sum").Node("Tanh", "sum", "t")
            .Node("Identity", "t", "o").Output("t", "1,24").Output("o", "1,24");
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "1,16").Int64s("shape", 1, 2, 8).Floats("zero", [1, 24], new float[24])
            .Node("Reshape", "x shape", "steps")
            .Node("Scan", "zero steps", "last all", ("body", body), ("num_scan_inputs", 1), ("scan_input_axes", new[] { 1 }), ("scan_output_axes", new[] { 1 }))
            .Output("last").Output("all"));

        AssertFused(project, 1, 1);
    }

    [TestMethod]
    public void Quantize_LoopWhoseShapesGrow_StaysFloatAndSaysWhy()
    {
        GraphBuilder body = new GraphBuilder().Input("i", "", OnnxElementType.Int64).Input("go", "", OnnxElementType.Bool).Input("v", "r,16")
            .Initializer("w", SeededValues.Tensor("w", -0.3f, 0.3f, 16, 16)).Node("MatMul", "v w", "m", ("name", "growing"))
            .Node("Concat", "v m", "next", ("axis", 0)).Node("Identity", "go", "again")
            .Output("again", "", OnnxElementType.Bool).Output("next", "q,16");
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "1,16").Weights("u", 16, 16)
            .Initializer("n", OnnxTensor.Create(OnnxElementType.Int64, [], [3L])).Node("MatMul", "x u", "h")
            .Node("Loop", "n - h", "y", ("body", body)).Output("y"));

        AssertFused(project, 1, 1);

        Assert.AreEqual(NeverSeen, Reason(project, "growing"));
    }

    [TestMethod]
    public void Quantize_BranchInALoop_EveryIterationIsSeen()
    {
        GraphBuilder body = new GraphBuilder().Input("i", "", OnnxElementType.Int64).Input("go", "", OnnxElementType.Bool).Input("v", "1,16")
            .Initializer("none", OnnxTensor.Scalar(1e9f)).Node("ReduceMax", "v", "top", ("keepdims", 0)).Node("Less", "top none", "c")
            .Node("If", "c", "next", ("then_branch", Square("t")), ("else_branch", Square("e"))).Node("Identity", "go", "again")
            .Output("again", "", OnnxElementType.Bool).Output("next", "1,16");
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "1,16").Initializer("n", OnnxTensor.Create(OnnxElementType.Int64, [], [2L]))
            .Node("Loop", "n - x", "y", ("body", body)).Output("y", "1,16"));

        AssertFused(project, 1, 1);
        Assert.AreEqual(NeverSeen, Reason(project, "e"));
    }

    private static GraphBuilder Square(string name) => new GraphBuilder().Initializer(name + "w", SeededValues.Tensor(name, -0.3f, 0.3f, 16, 16))
        .Node("MatMul", $"v {name}w", name, ("name", name)).Output(name);

    /// <summary>Two layers that read the value h around them.</summary>
    private static GraphBuilder Net(string name) => new GraphBuilder()
        .Initializer("w1", SeededValues.Tensor(name, -0.3f, 0.3f, 32, 40)).Initializer("w2", SeededValues.Tensor(name + "2", -0.3f, 0.3f, 40, 24))
        .Node("MatMul", "h w1", "m").Node("Relu", "m", "r").Node("MatMul", "r w2", "o", ("name", name + "2")).Output("o");

    private static ModelBuilder WithIf(float threshold, GraphBuilder above, GraphBuilder below) => new ModelBuilder().Input("x", "1,16")
        .Weights("w", 16, 32).Floats("threshold", [], threshold).Node("MatMul", "x w", "h").Node("ReduceMean", "h", "mean", ("keepdims", 0))
        .Node("Greater", "mean threshold", "c").Node("If", "c", "y", ("then_branch", above), ("else_branch", below)).Output("y", "1,24");

    private static PipelineProject Vectors(ModelBuilder model) => new PipelineProject()
        .WithData("x.npz", NamedArray.Of("x", [Samples, 16], SeededValues.Floats("x", -1, 1, Samples * 16)))
        .WithModel("model", model, ("CalibrationData", "x.npz"));

    private static void AssertFused(PipelineProject project, int planned, int fused)
    {
        project.QuantizeAll();
        JsonElement kernels = project.Report("model").GetProperty("kernels");
        Assert.AreEqual(planned, kernels.GetProperty("planned").GetInt32());
        Assert.AreEqual(fused, kernels.GetProperty("fused").GetInt32());
        Assert.IsGreaterThan(0.99, project.Report("model").GetProperty("accuracy").GetProperty("quantized").GetDouble());
    }

    private static string? Reason(PipelineProject project, string node) => project.Report("model").GetProperty("nodes").EnumerateArray()
        .Single(entry => entry.GetProperty("name").GetString() == node).GetProperty("reason").GetString();

    private static OnnxGraph Shipped(PipelineProject project) =>
        OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(project.Output("model.onnx")), new Diagnostics.DiagnosticOrigin("model")).Graph;
}
