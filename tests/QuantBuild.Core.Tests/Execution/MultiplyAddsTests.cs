using QuantBuild.Core.Tests.Placement;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class MultiplyAddsTests
{
    [TestMethod]
    public void Of_Conv_KernelTimesOutputs() =>
        // 8 · 10 · 12 outputs, each over 3 channels of 3 × 5.
        Assert.AreEqual(960 * 45, Count(Model().Weights("w", 8, 3, 3, 5).Node("Conv", "x w", "y"), ("y", [1, 8, 10, 12])));

    [TestMethod]
    public void Of_GroupedConv_CountsTheChannelsOfOneGroup() =>
        // 8 · 4 · 4 outputs, each over the 2 channels of its group.
        Assert.AreEqual(128 * 2, Count(Model().Weights("w", 8, 2, 1, 1).Node("Conv", "x w", "y", ("group", 4)), ("y", [1, 8, 4, 4])));

    [TestMethod]
    public void Of_ConvTranspose_KernelTimesInputs() =>
        // 4 · 5 · 5 inputs, each into 6 channels of 2 × 2.
        Assert.AreEqual(100 * 24, Count(Model().Weights("w", 4, 6, 2, 2).Node("ConvTranspose", "x w", "y"), ("x", [1, 4, 5, 5]), ("y", [1, 6, 10, 10])));

    [TestMethod]
    [DataRow(0, new long[] { 2, 7 })]
    [DataRow(1, new long[] { 7, 2 })]
    public void Of_Gemm_RowsColumnsAndDepth(int transA, long[] input) =>
        Assert.AreEqual(2 * 3 * 7, Count(Model().Weights("w", 7, 3).Node("Gemm", "x w", "y", ("transA", transA)), ("x", input), ("y", [2, 3])));

    [TestMethod]
    public void Of_BatchedMatMul_EveryMatrix() =>
        // 2 · 5 products of [4,6] with [6,3].
        Assert.AreEqual(10 * 4 * 6 * 3, Count(Model().Input("z", null).Node("MatMul", "x z", "y"), ("x", [2, 5, 4, 6]), ("y", [2, 5, 4, 3])));

    [TestMethod]
    public void Of_OtherOperator_Zero() => Assert.AreEqual(0, Count(Model().Node("Exp", "x", "y"), ("y", [2, 3])));

    [TestMethod]
    public void Of_NothingObserved_Zero() =>
        Assert.AreEqual(0, MultiplyAdds.Of(Model().Weights("w", 7, 3).Node("MatMul", "x w", "y").Build().Graph.Nodes[0], TensorFacts.None));

    private static ModelBuilder Model() => new ModelBuilder().Input("x", null).Output("y");

    private static long Count(ModelBuilder builder, params (string Value, long[] Shape)[] shapes)
    {
        OnnxGraph graph = builder.Build().Graph;
        TensorFacts facts = PlacementTesting.Facts(graph, [.. shapes.Select(shape => (shape.Value, PlacementTesting.Float(shape.Shape)))]);
        return MultiplyAdds.Of(graph.Nodes[0], facts);
    }
}
