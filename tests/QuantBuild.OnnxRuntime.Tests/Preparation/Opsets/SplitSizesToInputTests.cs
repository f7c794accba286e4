using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class SplitSizesToInputTests
{
    [TestMethod]
    public void Raise_Sizes_SameBits() =>
        Oracle.AssertRaises(Split(("axis", 1), ("split", new[] { 1, 3 })), SeededValues.FloatInput("x", 3, 4));

    [TestMethod]
    public void Raise_EqualParts_SameBits() =>
        Oracle.AssertRaises(Split(("axis", 1)), SeededValues.FloatInput("x", 3, 4));

    private static ModelBuilder Split(params (string, object)[] attributes) =>
        new ModelBuilder(11).Input("x", "3,4").Node("Split", "x", "a b", attributes).Output("a").Output("b");
}
