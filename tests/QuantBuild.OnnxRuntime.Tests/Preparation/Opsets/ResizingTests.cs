using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class ResizingTests
{
    [TestMethod]
    [DataRow("nearest")]
    [DataRow("linear")]
    public void Raise_UpsampleOf7_SameBits(string mode) =>
        Oracle.AssertRaises(
            new ModelBuilder(7).Input("x", "1,2,5,7").Node("Upsample", "x", "y", ("mode", mode), ("scales", new[] { 1f, 1f, 2f, 2.5f }))
                .Output("y"),
            SeededValues.FloatInput("x", 1, 2, 5, 7));

    [TestMethod]
    [DataRow("nearest")]
    [DataRow("linear")]
    public void Raise_UpsampleOf9_SameBits(string mode) =>
        Oracle.AssertRaises(
            new ModelBuilder(9).Input("x", "1,2,5,7").Floats("s", [4], 1, 1, 2, 3).Node("Upsample", "x s", "y", ("mode", mode)).Output("y"),
            SeededValues.FloatInput("x", 1, 2, 5, 7));

    [TestMethod]
    [DataRow(7, "nearest")]
    [DataRow(7, "linear")]
    [DataRow(9, "nearest")]
    [DataRow(9, "linear")]
    public void Raise_UpsampleOfOtherRanks_SameBits(int opset, string mode)
    {
        foreach (long[] shape in new[] { new long[] { 5, 6 }, [1, 2, 5], [1, 2, 3, 4, 5] })
        {
            float[] scales = [.. shape.Select((_, axis) => axis < Math.Min(2, shape.Length - 1) && shape.Length > 2 ? 1f : 2f)];
            var model = new ModelBuilder(opset).Input("x", string.Join(',', shape));
            Oracle.AssertRaises(
                (opset < 9
                    ? model.Node("Upsample", "x", "y", ("mode", mode), ("scales", scales))
                    : model.Floats("s", [scales.Length], scales).Node("Upsample", "x s", "y", ("mode", mode))).Output("y"),
                SeededValues.FloatInput("x", shape));
        }
    }

    [TestMethod]
    [DataRow("nearest", 1.7f, 2f)]
    [DataRow("nearest", 0.6f, 0.35f)]
    [DataRow("nearest", 0.5f, 1f)]
    [DataRow("linear", 1.7f, 2f)]
    [DataRow("linear", 0.6f, 0.35f)]
    [DataRow("linear", 0.6f, 1.3f)]
    public void Raise_ResizeOf10_SameBits(string mode, float height, float width) =>
        Oracle.AssertRaises(Resize(mode, height, width), SeededValues.FloatInput("x", 1, 2, 11, 13));

    [TestMethod]
    public void Raise_NearestEnlargesAndShrinks_Declines() =>
        StringAssert.Contains(Oracle.AssertDoesNotRaise(Resize("nearest", 0.5f, 2f)), "'y' (Resize)");

    [TestMethod]
    public void Raise_ScalesFromTheInput_SameBitsWhenEnlarging() =>
        Oracle.AssertRaises(
            new ModelBuilder(10).Input("x", "1,2,5,7").Input("s", "4").Node("Resize", "x s", "y").Output("y"),
            SeededValues.FloatInput("x", 1, 2, 5, 7),
            SeededValues.FloatInputOf("s", [4], 1, 1, 2, 2));

    private static ModelBuilder Resize(string mode, float height, float width) =>
        new ModelBuilder(10).Input("x", "1,2,11,13").Floats("s", [4], 1, 1, height, width).Node("Resize", "x s", "y", ("mode", mode))
            .Output("y");
}
