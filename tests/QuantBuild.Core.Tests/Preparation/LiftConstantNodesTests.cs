using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class LiftConstantNodesTests
{
    [TestMethod]
    public void Run_Scalars_InitializersOfRankZero()
    {
        OnnxTensor integer = new LiftConstantNodes().Run(Constant(("value_int", 3))).Model.Graph.InitializerOf("c")!;
        OnnxTensor number = new LiftConstantNodes().Run(Constant(("value_float", 0.5f))).Model.Graph.InitializerOf("c")!;

        Assert.AreEqual(0, integer.Rank);
        Assert.AreEqual(3, integer.Values<long>()[0]);
        Assert.AreEqual(0, number.Rank);
        Assert.AreEqual(0.5f, number.Floats[0]);
    }

    [TestMethod]
    public void Run_List_InitializerOfRankOne()
    {
        (OnnxModel model, PassOutcome outcome) = new LiftConstantNodes().Run(Constant(("value_ints", new[] { 3, 4 })));

        CollectionAssert.AreEqual(new long[] { 3, 4 }, model.Graph.InitializerOf("c")!.ToInt64Array());
        CollectionAssert.AreEqual(new[] { "Identity" }, model.Operators());
        Assert.AreEqual(1, outcome.Applied);
    }

    [TestMethod]
    public void Run_Strings_Declines() =>
        new LiftConstantNodes().AssertDeclines(Constant(("value_strings", new[] { "a" })), "value_strings");

    [TestMethod]
    public void Run_InsideABody_LiftedThere()
    {
        (OnnxModel model, _) = new LiftConstantNodes()
            .Run(new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool).Node("If", "c", "y",
            ("then_branch", new GraphBuilder().Node("Constant", "", "k", ("value_float", 2f)).Node("Mul", "x k", "t").Output("t")))
                .Output("y"));

        OnnxGraph body = model.Graph.Nodes[0].Subgraphs[0];
        Assert.IsTrue(body.IsInitializer("k"));
        Assert.AreEqual(1, body.Nodes.Count);
    }

    private static ModelBuilder Constant((string, object) attribute) =>
        new ModelBuilder().Input("x", "3").Node("Constant", "", "c", attribute).Node("Identity", "c", "y").Output("y");
}
