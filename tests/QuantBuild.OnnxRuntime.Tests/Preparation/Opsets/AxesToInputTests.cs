using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Opsets;

[TestClass]
public sealed class AxesToInputTests
{
    [TestMethod]
    public void Raise_Squeeze_SameBits() =>
        Oracle.AssertRaises(Model("Squeeze", 7, ("axes", new[] { 0, 2 })), SeededValues.FloatInput("x", 1, 3, 1, 4));

    [TestMethod]
    public void Raise_SqueezeWithoutAxes_SameBits() =>
        Oracle.AssertRaises(Model("Squeeze", 11), SeededValues.FloatInput("x", 1, 3, 1, 4));

    [TestMethod]
    public void Raise_UnsqueezeNegative_SameBits() =>
        Oracle.AssertRaises(Model("Unsqueeze", 12, ("axes", new[] { -1, 0 })), SeededValues.FloatInput("x", 1, 3, 1, 4));

    [TestMethod]
    public void Raise_ReduceSum_SameBits() =>
        Oracle.AssertRaises(Model("ReduceSum", 11, ("axes", new[] { 1, 3 }), ("keepdims", 0)), SeededValues.FloatInput("x", 1, 3, 1, 4));

    [TestMethod]
    public void Raise_ReduceSumOfAll_SameBits() =>
        Oracle.AssertRaises(Model("ReduceSum", 8), SeededValues.FloatInput("x", 1, 3, 1, 4));

    [TestMethod]
    [DataRow("Squeeze")]
    [DataRow("Unsqueeze")]
    [DataRow("ReduceSum")]
    public void Raise_NoAxesAtAll_SameBits(string opType) =>
        Oracle.AssertRaises(Model(opType, 11, ("axes", Array.Empty<int>())), SeededValues.FloatInput("x", 1, 3, 1, 4));

    [TestMethod]
    public void Raise_ReduceMean_AxesStayAttribute()
    {
        // Until opset 18.
        ModelBuilder model = Model("ReduceMean", 11, ("axes", new[] { 1 })).Node("Squeeze", "y", "z", ("axes", new[] { 1 })).Output("z");

        var raised = Oracle.AssertRaises(model, SeededValues.FloatInput("x", 1, 3, 1, 4));

        Assert.IsTrue(raised.Graph.Nodes[0].HasAttribute("axes"));
    }

    private static ModelBuilder Model(string opType, int opset, params (string, object)[] attributes) =>
        new ModelBuilder(opset).Input("x", "1,3,1,4").Node(opType, "x", "y", attributes).Output("y");
}
