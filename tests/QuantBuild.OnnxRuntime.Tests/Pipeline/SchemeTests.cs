using System.Text.Json;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

[TestClass]
public sealed class SchemeTests
{
    [TestMethod]
    public void WeightOnly_WithoutData_SmallAndNotMeasured()
    {
        using PipelineProject project = new PipelineProject().WithModel("digits", TestModels.Digits(), ("Scheme", "WeightOnly")).QuantizeAll();

        Assert.IsFalse(project.Report("digits").TryGetProperty("accuracy", out _));
        Assert.IsLessThan(TestModels.Digits().Length / 2, new FileInfo(project.Output("digits.onnx")).Length);
    }

    [TestMethod]
    public void WeightOnly_WithData_IsMeasured()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "WeightOnly"), ("MaxAccuracyDrop", "0.01"));

        ProjectResult result = project.Quantize();

        Assert.IsEmpty(PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        Assert.AreEqual("Top1", project.Report("digits").GetProperty("accuracy").GetProperty("metric").GetString());
        Assert.AreEqual(0, project.Report("digits").GetProperty("kernels").GetProperty("planned").GetInt32());
    }

    [TestMethod]
    public void WeightOnly_ValidationDataAlone_IsMeasuredOnAllOfIt()
    {
        using PipelineProject project = new PipelineProject().WithModel(
            "digits", TestModels.Digits(), ("Scheme", "WeightOnly"), ("ValidationData", PipelineProject.DigitsData), ("MinAccuracy", "1"));

        ProjectResult result = project.Quantize();

        JsonElement accuracy = project.Report("digits").GetProperty("accuracy");
        using PipelineProject held = PipelineProject.Digits().QuantizeAll();
        int heldOut = held.Report("digits").GetProperty("accuracy").GetProperty("samples").GetInt32();
        Assert.IsGreaterThanOrEqualTo(4 * heldOut, accuracy.GetProperty("samples").GetInt32());
        Assert.AreEqual(accuracy.GetProperty("quantized").GetDouble() < 1 ? "QB7002" : "", string.Concat(PipelineProject.Codes(result)));
    }

    [TestMethod]
    public void Dynamic_WithoutData_RunsInIntegersAndIsNotMeasured()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,256").Output("y").Weights("w", 256, 256).Weights("b", 256).Node("Gemm", "x w b", "y");
        using PipelineProject project = new PipelineProject().WithModel("product", model, ("Scheme", "Dynamic")).QuantizeAll();

        Assert.IsFalse(project.Report("product").TryGetProperty("accuracy", out _));
        Assert.AreEqual(1, project.Report("product").GetProperty("kernels").GetProperty("fused").GetInt32());
        Assert.IsLessThan(model.ToBytes().Length * 3 / 10, new FileInfo(project.Output("product.onnx")).Length);
    }

    [TestMethod]
    public void Float16_WithData_IsNearlyExact()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Float16"), ("MaxAccuracyDrop", "0")).QuantizeAll();

        Assert.IsGreaterThan(55.0, project.Report("digits").GetProperty("accuracy").GetProperty("sqnrDecibels").GetDouble());
        Assert.IsLessThan(0.6, project.Report("digits").GetProperty("size").GetProperty("ratio").GetDouble());
    }

    [TestMethod]
    public void None_Model_IsEmbeddedAsItIs()
    {
        using PipelineProject project = new PipelineProject().WithModel("digits", TestModels.Digits(), ("Scheme", "None")).QuantizeAll();

        CollectionAssert.AreEqual(TestModels.Digits(), File.ReadAllBytes(project.Output("digits.onnx")));
        Assert.AreEqual(1, project.Report("digits").GetProperty("size").GetProperty("ratio").GetDouble());
    }

    [TestMethod]
    public void None_QuantizedModel_IsEmbeddedAsItIs()
    {
        byte[] model = new ModelBuilder().Input("x", "3").Floats("s", [], 0.5f).Initializer("z", OnnxTensor.Create<byte>(OnnxElementType.UInt8, [], [3]))
            .Node("QuantizeLinear", "x s z", "q").Node("DequantizeLinear", "q s z", "y").Output("y", "3").ToBytes();
        using PipelineProject project = new PipelineProject().WithModel("m", model, ("Scheme", "None"));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(model, File.ReadAllBytes(project.Output("m.onnx")));
        StringAssert.Contains(result.Models.Single().Summary, "(1.00 x), embedded as it is (Scheme=None), ");
    }

    [TestMethod]
    public void Static_EveryNodeExcluded_SaysThatNothingIsQuantized()
    {
        OnnxModel digits = OnnxModelReader.Parse(TestModels.Digits(), new DiagnosticOrigin("digits.onnx"));
        string operators = string.Join(';', digits.Graph.Nodes.Select(node => node.OpType).Distinct());
        using PipelineProject project = PipelineProject.Digits(("ExcludedOperators", operators));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB4007", "QB5001" }, PipelineProject.Codes(result), string.Join('\n', result.Diagnostics));
        Assert.AreEqual(0, project.Report("digits").GetProperty("accuracy").GetProperty("drop").GetDouble());
    }
}
