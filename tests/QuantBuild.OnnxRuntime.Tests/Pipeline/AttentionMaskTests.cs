using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>A block of BERT as exporters of older opsets write it, with everything taken apart: its mask must set no range.</summary>
[TestClass]
public sealed class AttentionMaskTests
{
    private const int Samples = 64;

    private const int Length = 12;

    private const int Words = 50;

    private const int Width = 32;

    /// <summary>Eight bits in two layers leave more; a range that holds the mask leaves nothing.</summary>
    private const double LeastSqnrDecibels = 20;

    [TestMethod]
    [DataRow(-3.4028235e38f, "Add")]
    [DataRow(-1e9f, "Add")]
    [DataRow(-10000f, "Add")]
    [DataRow(float.NegativeInfinity, "Where")]
    [DataRow(-3.4028235e38f, "Where")]
    public void Quantize_MaskedAttention_NoRangeHoldsTheMask(float mask, string operation)
    {
        long[] kept = [.. SeededValues.Integers("lengths", 3, Length, Samples).SelectMany(
            length => Enumerable.Range(0, Length).Select(position => position < length ? 1L : 0))];
        using PipelineProject project = new PipelineProject()
            .WithData(
                "tokens.npz",
                NamedArray.Of("ids", [Samples, Length], SeededValues.Integers("ids", 0, Words, Samples * Length)),
                NamedArray.Of("kept", [Samples, Length], kept))
            .WithModel("bert", Block(mask, operation), ("CalibrationData", "tokens.npz"));

        project.QuantizeAll();

        JsonElement report = project.Report("bert");
        foreach (JsonElement activation in report.GetProperty("activations").EnumerateArray())
            Assert.IsGreaterThan(-100, activation.GetProperty("scale").GetDouble() * -activation.GetProperty("zeroPoint").GetDouble(),
                activation.ToString());
        Assert.IsGreaterThan(LeastSqnrDecibels, report.GetProperty("accuracy").GetProperty("sqnrDecibels").GetDouble());
        StringAssert.Contains(Reason(report, "masked"), "it needs floats");
        StringAssert.Contains(Reason(report, "square"), "part of a layer normalization");
        StringAssert.Contains(Reason(report, "erf"), "part of a GELU");
        Assert.AreEqual("integers", Node(report, "q0").GetProperty("runs").GetString());
    }

    private static string Reason(JsonElement report, string node) => Node(report, node).GetProperty("reason").GetString()!;

    private static JsonElement Node(JsonElement report, string name) =>
        report.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("name").GetString() == name);

    private static ModelBuilder Block(float mask, string operation)
    {
        ModelBuilder model = new ModelBuilder(13).Input("ids", $"n,{Length}", OnnxElementType.Int64)
            .Input("kept", $"n,{Length}", OnnxElementType.Int64)
            .Weights("table", Words, Width).Weights("gain", Width).Weights("offset", Width)
            .Weights("wq", Width, Width).Weights("wk", Width, Width).Weights("wv", Width, Width).Weights("wo", Width, Width)
            .Weights("bq", Width).Weights("wu", Width, 2 * Width).Weights("bu", 2 * Width).Weights("wd", 2 * Width, 5)
            .Int64s("heads", 0, Length, 4, 8).Int64s("whole", 0, Length, Width).Int64s("inner", 1, 2).Int64s("first", 1)
            .Initializer("one", OnnxTensor.Scalar(1)).Initializer("two", OnnxTensor.Scalar(2)).Initializer("half", OnnxTensor.Scalar(0.5f))
            .Initializer("eps", OnnxTensor.Scalar(1e-5f)).Initializer("root", OnnxTensor.Scalar(1.4142135f))
            .Initializer("eight", OnnxTensor.Scalar(8))
            .Initializer("hidden", OnnxTensor.Scalar(mask))
            .Node("Gather", "table ids", "e");
        Normalize(model, "e", "square").Node("MatMul", "e_n wq", "q0").Node("Add", "bq q0", "q1").Node("MatMul", "e_n wk", "k1")
            .Node("MatMul", "e_n wv", "v1");
        foreach (string head in new[] { "q", "k", "v" })
            model.Node("Reshape", $"{head}1 heads", $"{head}2")
                .Node("Transpose", $"{head}2", $"{head}3", ("perm", head == "k" ? new[] { 0, 2, 3, 1 } : new[] { 0, 2, 1, 3 }));
        model.Node("MatMul", "q3 k3", "scores").Node("Div", "scores eight", "scaled").Node("Unsqueeze", "kept inner", "kept4");
        if (operation == "Add")
            model.Node("Cast", "kept4", "keptf", ("to", (int)OnnxElementType.Float)).Node("Sub", "one keptf", "drop")
                .Node("Mul", "drop hidden", "big")
                .Node("Add", "scaled big", "masked");
        else
            model.Node("Cast", "kept4", "keep", ("to", (int)OnnxElementType.Bool)).Node("Where", "keep scaled hidden", "masked");
        model.Node("Softmax", "masked", "weights", ("axis", -1)).Node("MatMul", "weights v3", "c")
            .Node("Transpose", "c", "ct", ("perm", new[] { 0, 2, 1, 3 }))
            .Node("Reshape", "ct whole", "joined").Node("MatMul", "joined wo", "o").Node("Add", "o e_n", "r");
        return Normalize(model, "r", "square2").Node("MatMul", "r_n wu", "u0").Node("Add", "u0 bu", "u").Node("Div", "u root", "u1")
            .Node("Erf", "u1", "erf")
            .Node("Add", "erf one", "u2").Node("Mul", "u u2", "u3").Node("Mul", "u3 half", "g").Node("MatMul", "g wd", "y").Output("y");
    }

    private static ModelBuilder Normalize(ModelBuilder model, string x, string square) => model
        .Node("ReduceMean", x, $"{x}_m", ("axes", new[] { -1 })).Node("Sub", $"{x} {x}_m", $"{x}_d").Node("Pow", $"{x}_d two", square)
        .Node("ReduceMean", square, $"{x}_v", ("axes", new[] { -1 })).Node("Add", $"{x}_v eps", $"{x}_e").Node("Sqrt", $"{x}_e", $"{x}_s")
        .Node("Div", $"{x}_d {x}_s", $"{x}_z").Node("Mul", $"{x}_z gain", $"{x}_g").Node("Add", $"{x}_g offset", $"{x}_n");
}
