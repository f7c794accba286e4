using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation;

/// <summary>Constants come out exactly as the runtime would arrange them.</summary>
[TestClass]
public sealed class FoldConstantArrangementTests
{
    [TestMethod]
    public void Transpose_EveryOrder() => AssertArranged(
        Weight(2, 3, 4).Node("Transpose", "w", "a").Node("Transpose", "v", "b", ("perm", new[] { 1, 2, 0 })), 4, 3, 2);

    [TestMethod]
    public void Slice_NegativeOpenAndStepped() => AssertArranged(
        Weight(7, 5).Int64s("s", -6, 1).Int64s("e", long.MaxValue, -1).Int64s("axes", 0, -1).Int64s("steps", 2, 3).Node("Slice", "w s e axes steps", "a")
            .Int64s("s1", 2).Int64s("e1", 5).Node("Slice", "v s1 e1", "b"), 3, 1);

    [TestMethod]
    public void Concat_EveryAxis() => AssertArranged(
        Weight(2, 3).Node("Concat", "w w", "a", ("axis", 0)).Node("Concat", "v v v", "b", ("axis", -1)), 4, 3);

    [TestMethod]
    public void Shapes_OfEveryOperator() => AssertArranged(
        Weight(2, 1, 6).Int64s("u", 0, -1).Node("Unsqueeze", "w u", "c").Int64s("r", 0, -1, 3).Node("Reshape", "c r", "a").Int64s("q", 1)
            .Node("Squeeze", "v q", "d").Node("Flatten", "d", "b"), 1, 4, 3);

    [TestMethod]
    public void GatesOfARecurrentWeight_CapturedByABody_AreOneConstant()
    {
        GraphBuilder body = new GraphBuilder().Initializer("i0", OnnxTensor.Int64s(0)).Initializer("i4", OnnxTensor.Int64s(4)).Initializer("i8", OnnxTensor.Int64s(8))
            .Node("Slice", "w i0 i4 i0", "first").Node("Slice", "w i4 i8 i0", "second").Node("Concat", "second first", "joined", ("axis", 0))
            .Node("Unsqueeze", "joined i0", "weights").Node("Mul", "x weights", "out").Output("out");
        ModelBuilder model = new ModelBuilder().Input("x", "1,8,3").Input("p", "", OnnxElementType.Bool).Weights("w", 8, 3)
            .Node("If", "p", "y", ("then_branch", body), ("else_branch", new GraphBuilder().Node("Neg", "x", "n").Output("n"))).Output("y");

        OnnxModel after = Oracle.AssertSameBits(
            model, new FoldConstantArrangement(), SeededValues.FloatInput("x", 1, 8, 3), new Execution.InputTensor("p", OnnxElementType.Bool, [], new byte[] { 1 }));

        OnnxGraph branch = after.Graph.Nodes[0].Subgraphs[0];
        Assert.AreEqual("Mul", branch.Nodes.Single().OpType);
        CollectionAssert.AreEqual(new long[] { 1, 8, 3 }, branch.InitializerOf("weights")!.Shape.ToArray());
    }

    private static ModelBuilder Weight(params long[] shape) => new ModelBuilder().Weights("w", shape).Weights("v", shape);

    /// <summary>The values a and b are constants afterwards.</summary>
    private static void AssertArranged(ModelBuilder model, params long[] shape)
    {
        OnnxModel after = Oracle.AssertSameBits(
            model.Input("x", "1").Node("Mul", "x a", "y").Node("Mul", "x b", "z").Output("y").Output("z"), new FoldConstantArrangement(),
            SeededValues.FloatInput("x", 1));

        Assert.AreEqual("Mul Mul", string.Join(' ', after.Graph.Nodes.Select(node => node.OpType)));
        CollectionAssert.AreEqual(shape, after.Graph.InitializerOf("a")!.Shape.ToArray());
    }
}
