using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class PadsToInputTests
{
    [TestMethod]
    public void Raise_ConstantZero_SameBits() =>
        Oracle.AssertRaises(Pad(("pads", new[] { 0, 0, 1, 2, 0, 0, 2, 1 })), SeededValues.FloatInput("x", 1, 2, 4, 5));

    [TestMethod]
    public void Raise_ConstantValue_SameBits() =>
        Oracle.AssertRaises(Pad(("pads", new[] { 0, 0, 1, 2, 0, 0, 2, 1 }), ("value", -1.5f)), SeededValues.FloatInput("x", 1, 2, 4, 5));

    [TestMethod]
    public void Raise_Negative_SameBits() =>
        Oracle.AssertRaises(Pad(("pads", new[] { 0, 0, -1, 0, 0, 0, 0, -2 })), SeededValues.FloatInput("x", 1, 2, 4, 5));

    [TestMethod]
    [DataRow("reflect")]
    [DataRow("edge")]
    public void Raise_Mode_SameBits(string mode) =>
        Oracle.AssertRaises(Pad(("mode", mode), ("pads", new[] { 0, 0, 1, 2, 0, 0, 2, 1 })), SeededValues.FloatInput("x", 1, 2, 4, 5));

    [TestMethod]
    public void Raise_Double_SameBits() =>
        Oracle.AssertRaises(
            new ModelBuilder(7).Input("x", "2", OnnxElementType.Double).Node("Pad", "x", "y", ("pads", new[] { 1, 2 }), ("value", 0.1f))
                .Output("y", type: OnnxElementType.Double),
            new Execution.InputTensor("x", OnnxElementType.Double, [2], new byte[16]));

    private static ModelBuilder Pad(params (string, object)[] attributes) =>
        new ModelBuilder(10).Input("x", "1,2,4,5").Node("Pad", "x", "y", attributes).Output("y");
}
