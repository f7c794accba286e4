using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class ClipBoundsToInputsTests
{
    [TestMethod]
    public void Raise_BothBounds_SameBits() =>
        Oracle.AssertRaises(Clip(7, ("min", 0f), ("max", 6f)), SeededValues.FloatInput("x", 64));

    [TestMethod]
    public void Raise_OneBound_SameBits() =>
        Oracle.AssertRaises(Clip(10, ("min", -0.5f)), SeededValues.FloatInput("x", 64));

    [TestMethod]
    public void Raise_NoBounds_InfinitiesStayClipped() =>
        Oracle.AssertRaises(Clip(9), Infinities());

    [TestMethod]
    public void Raise_UnknownType_TypeOfTheModel()
    {
        ModelBuilder model = new ModelBuilder(9)
            .Input("x", "4").Weights("w", 4).Node("Selu", "x", "s").Node("Clip", "s", "y", ("min", 0f)).Output("y");

        Oracle.AssertRaises(model, SeededValues.FloatInput("x", 4));
    }

    private static ModelBuilder Clip(int opset, params (string, object)[] bounds) =>
        new ModelBuilder(opset).Input("x", "n").Node("Clip", "x", "y", bounds).Output("y");

    private static Execution.InputTensor Infinities() =>
        SeededValues.FloatInputOf("x", [5], float.NegativeInfinity, -1, 0, 1, float.PositiveInfinity);
}
