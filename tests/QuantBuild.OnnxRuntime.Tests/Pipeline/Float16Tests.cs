using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Sixteen bits where they hold the values, and a reason where they do not.</summary>
[TestClass]
public sealed class Float16Tests
{
    private const int Width = 256;
    private const int Samples = 64;

    [TestMethod]
    public void Float16_ConstantsBeyondItsRange_StayAndAreNamed()
    {
        float[] data = SeededValues.Floats("x", -1, 1, Samples * Width);
        // The deviation of an empty row is what keeps the normalization from dividing by zero.
        data.AsSpan(0, Width).Clear();
        using PipelineProject project = new PipelineProject().WithData("data.npz", NamedArray.Of("x", [Samples, Width], data));
        string samples = Path.Combine(project.Directory, "data.npz");
        project.WithModel(
            "mixed", Model(), ("Scheme", "Float16"), ("CalibrationData", samples), ("Metric", "SignalToNoise"), ("Gate", "Off")).QuantizeAll();

        JsonElement report = project.Report("mixed");
        Dictionary<string, JsonElement> nodes = report.GetProperty("nodes").EnumerateArray()
            .ToDictionary(node => node.GetProperty("name").GetString()!);
        AssertNode(nodes["usual"], "float16", "Scheme=Float16");
        AssertNode(nodes["large"], "bfloat16", "values beyond the range of float16");
        AssertNode(nodes["huge"], "float32", "values beyond the range of float16, and values beyond the range of bfloat16");
        AssertNode(
            nodes["shift"], null, "'far' stays float32: values beyond the range of float16, and every value counts, and bfloat16 has 8 bits");
        AssertNode(nodes["tiny"], null, "'near' stays float32: values too small for float16");
        AssertNode(nodes["deviation"], null, null);
        Assert.IsGreaterThan(50.0, report.GetProperty("accuracy").GetProperty("sqnrDecibels").GetDouble());
    }

    /// <summary>What the huge weight is multiplied with is zero.</summary>
    private static ModelBuilder Model() => new ModelBuilder().Input("x", $"n,{Width}").Output("y")
        .Weights("w", Width, Width).Node("MatMul", "x w", "a", ("name", "usual"))
        .Node("ReduceMean", "a", "m", ("axes", new[] { 1 })).Node("Sub", "a m", "c")
        .Node("Mul", "c c", "q").Node("ReduceMean", "q", "v", ("axes", new[] { 1 })).Floats("epsilon", [], 1e-12f)
        .Node("Add", "v epsilon", "s", ("name", "deviation")).Node("Sqrt", "s", "r").Node("Div", "c r", "normal")
        .Initializer("l", SeededValues.Tensor("l", -1e6f, 1e6f, Width, Width)).Node("MatMul", "normal l", "d", ("name", "large"))
        .Initializer("far", SeededValues.Tensor("far", 1e6f, 2e6f, Width)).Node("Add", "d far", "e", ("name", "shift"))
        .Floats("near", [Width], [0, .. SeededValues.Floats("near", 1e-9f, 2e-9f, Width - 1)]).Node("Mul", "e near", "f", ("name", "tiny"))
        .Initializer("h", Huge()).Node("MatMul", "f h", "y", ("name", "huge"));

    private static OnnxTensor Huge()
    {
        float[] values = SeededValues.Floats("h", -1, 1, Width * Width);
        values[0] = float.MaxValue;
        return OnnxTensor.Float([Width, Width], values);
    }

    private static void AssertNode(JsonElement node, string? weights, string? reason)
    {
        Assert.AreEqual(weights, Text("weights"), node.ToString());
        Assert.AreEqual(reason, Text("weightsReason"), node.ToString());

        string? Text(string name) => node.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }
}
