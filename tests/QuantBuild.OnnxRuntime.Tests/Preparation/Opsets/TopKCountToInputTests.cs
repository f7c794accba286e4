using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class TopKCountToInputTests
{
    [TestMethod]
    public void Raise_CountAsAttribute_SameBits() =>
        Oracle.AssertRaises(
            new ModelBuilder(9).Input("x", "3,8").Node("TopK", "x", "v i", ("k", 3), ("axis", -1))
                .Output("v").Output("i", null, OnnxElementType.Int64),
            SeededValues.FloatInput("x", 3, 8));

    [TestMethod]
    [DataRow(7)]
    [DataRow(9)]
    public void Raise_EqualValues_SameBits(int opset) =>
        Oracle.AssertRaises(
            new ModelBuilder(opset).Input("x", "2,6").Node("TopK", "x", "v i", ("k", 4))
                .Output("v").Output("i", null, OnnxElementType.Int64),
            SeededValues.FloatInputOf("x", [2, 6], 1, 2, 2, 1, 2, 0, 3, 3, 3, 3, 3, 3));
}
