using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class ReduceMeanToGlobalAveragePoolTests
{
    [TestMethod]
    [DataRow("n,c,h,w", new[] { 2, 3 })]
    [DataRow("n,c,h,w", new[] { -1, -2 })]
    [DataRow("n,c,d,h,w", new[] { 4, 2, 3 })]
    public void Run_AllSpatialAxes_IsAPool(string shape, int[] axes)
    {
        (OnnxModel model, _) = new ReduceMeanToGlobalAveragePool().Run(Model(shape).Node("ReduceMean", "x", "y", ("axes", axes)));

        OnnxNode pool = model.Graph.Nodes.Single();
        Assert.AreEqual("GlobalAveragePool", pool.OpType);
        Assert.AreEqual(0, pool.AttributeNames.Count());
    }

    [TestMethod]
    public void Run_AxesAsAnInput_AreReadAndDropped()
    {
        (OnnxModel model, _) = new ReduceMeanToGlobalAveragePool().Run(
            new ModelBuilder(18).Input("x", "n,c,h,w").Output("y").Int64s("axes", 2, 3).Node("ReduceMean", "x axes", "y"));

        CollectionAssert.AreEqual(new[] { "x" }, model.Graph.Nodes.Single().Inputs.ToArray());
    }

    [TestMethod]
    public void Run_AxesDropped_FlattensThePool()
    {
        (OnnxModel model, _) = new ReduceMeanToGlobalAveragePool().Run(
            Model("n,c,h,w").Node("ReduceMean", "x", "y", ("axes", new[] { 2, 3 }), ("keepdims", 0)));

        CollectionAssert.AreEqual(new[] { "GlobalAveragePool", "Flatten" }, model.Operators());
        Assert.AreEqual("y", model.Graph.Nodes[1].Outputs[0]);
    }

    [TestMethod]
    [DataRow("n,c,h,w", new[] { 3 }, DisplayName = "one of two")]
    [DataRow("n,c,h,w", new[] { 1, 2, 3 }, DisplayName = "channels too")]
    [DataRow("n,c", new[] { 1 }, DisplayName = "no spatial axes")]
    [DataRow("n,l,c", new[] { 2 }, DisplayName = "features of a sequence, perhaps")]
    [DataRow(null, new[] { 2, 3 }, DisplayName = "of unknown rank")]
    public void Run_OtherAxes_Stays(string? shape, int[] axes) =>
        new ReduceMeanToGlobalAveragePool().AssertIgnores(Model(shape).Node("ReduceMean", "x", "y", ("axes", axes)));

    [TestMethod]
    public void Run_AllAxes_Stays() => new ReduceMeanToGlobalAveragePool().AssertIgnores(Model("n,c,h,w").Node("ReduceMean", "x", "y"));

    [TestMethod]
    public void Run_Integers_Stays() =>
        new ReduceMeanToGlobalAveragePool().AssertIgnores(
            new ModelBuilder().Input("x", "n,c,h,w", OnnxElementType.Int32).Output("y", null, OnnxElementType.Int32)
                .Node("ReduceMean", "x", "y", ("axes", new[] { 2, 3 })));

    private static ModelBuilder Model(string? shape) => new ModelBuilder().Input("x", shape).Output("y");
}
