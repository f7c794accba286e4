using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>A model whose branches hang on a sampling rate, as voice detectors have them.</summary>
[TestClass]
public sealed class FixedInputsTests
{
    private const int Samples = 130;

    [TestMethod]
    [DataRow(16000)]
    [DataRow(8000)]
    public void Quantize_RateIsFixed_OneBranchInIntegersAndNoInput(int rate)
    {
        using PipelineProject project = Voice(("FixedInputs", $"sr={rate}")).QuantizeAll();

        OnnxModel shipped = OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(project.Output("voice.onnx")), new DiagnosticOrigin("voice"));
        CollectionAssert.AreEqual(new[] { "x" }, shipped.Signature.Inputs.Select(input => input.Name).ToArray());
        Assert.IsFalse(shipped.Graph.Nodes.Any(node => node.Is("If")));
        Assert.AreEqual(2, project.Report("voice").GetProperty("kernels").GetProperty("fused").GetInt32());
        Assert.AreEqual($"sr={rate}", project.Report("voice").GetProperty("settings").GetProperty("FixedInputs").GetString());
    }

    [TestMethod]
    [DataRow("Scheme", "None")]
    [DataRow("Scheme", "WeightOnly")]
    public void Generate_OtherSchemes_InputIsGone(string name, string value)
    {
        using PipelineProject project = Voice(("FixedInputs", "sr=16000"), (name, value));
        ProjectResult result = new QuantizationPipeline(new OnnxRuntimeEngine(), new Progress<StageProgress>()).Generate(project.Request(), CancellationToken.None);

        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        string source = File.ReadAllText(project.Output("voice.g.cs"));
        StringAssert.Contains(source, "\"x\"");
        Assert.IsFalse(source.Contains("\"sr\"", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Quantize_WrongNameAndValue_BothAreToldBeforeTheWork()
    {
        using PipelineProject project = Voice(("FixedInputs", "rate=16000;sr=fast"));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB1009", "QB1010" }, PipelineProject.Errors(result));
        Assert.IsEmpty(result.Models);
    }

    private static PipelineProject Voice(params (string Name, string Value)[] metadata)
    {
        ModelBuilder model = new ModelBuilder(opset: 16).Input("x", "n,16").Input("sr", "", OnnxElementType.Int64)
            .Initializer("high", OnnxTensor.Create(OnnxElementType.Int64, [], [16000L])).Node("Equal", "sr high", "c")
            .Node("If", "c", "y", ("then_branch", Net("a")), ("else_branch", Net("b"))).Output("y", "n,4");
        // A fixed input may be in the data: it is not read.
        PipelineProject project = new PipelineProject().WithData("x.npz",
            NamedArray.Of("x", [Samples, 16], SeededValues.Floats("x", -1, 1, Samples * 16)),
            NamedArray.Of("sr", [Samples], Enumerable.Repeat(8000L, Samples).ToArray()));
        return project.WithModel("voice", model, metadata.Any(setting => setting.Name == "Scheme") ? metadata : [("CalibrationData", "x.npz"), .. metadata]);
    }

    /// <summary>Two layers, the second behind a test of shapes.</summary>
    private static GraphBuilder Net(string name) => new GraphBuilder()
        .Initializer($"w_{name}", SeededValues.Tensor(name, -1, 1, 16, 32)).Initializer("v", SeededValues.Tensor(name + "v", -1, 1, 32, 4))
        .Node("MatMul", $"x w_{name}", "h").Node("Relu", "h", "r")
        .Node("Constant", "", "one", ("value_int", 1)).Node("Constant", "", "width", ("value_int", 32))
        .Node("Shape", "r", "s").Node("Gather", "s one", "g").Node("Equal", "g width", "d")
        .Node("If", "d", "y", ("then_branch", new GraphBuilder().Node("MatMul", "r v", "t").Output("t")),
            ("else_branch", new GraphBuilder().Node("Identity", "r", "t").Output("t")))
        .Output("y");
}
