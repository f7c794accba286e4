using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class SliceRangesToInputsTests
{
    [TestMethod]
    public void Raise_WithAxes_SameBits() =>
        Oracle.AssertRaises(Slice(("starts", new[] { 1, 0 }), ("ends", new[] { 3, 2 }), ("axes", new[] { 2, 0 })),
            SeededValues.FloatInput("x", 3, 4, 5));

    [TestMethod]
    public void Raise_WithoutAxes_SameBits() =>
        Oracle.AssertRaises(Slice(("starts", new[] { 1, 0 }), ("ends", new[] { 3, 2 })), SeededValues.FloatInput("x", 3, 4, 5));

    [TestMethod]
    public void Raise_NegativeAndBeyondTheEnd_SameBits() =>
        Oracle.AssertRaises(Slice(("starts", new[] { -2L }), ("ends", new[] { long.MaxValue }), ("axes", new[] { 1L })),
            SeededValues.FloatInput("x", 3, 4, 5));

    private static ModelBuilder Slice(params (string, object)[] ranges) =>
        new ModelBuilder(9).Input("x", "3,4,5").Node("Slice", "x", "y", ranges).Output("y");
}
