using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class OnnxGraphTests
{
    [TestMethod]
    public void OwnerOf_NameInABody_IsTheNearestGraph()
    {
        OnnxGraph[] graphs = Graphs();

        Assert.AreEqual(3, graphs.Length);
        Assert.AreSame(graphs[0], graphs[1].OwnerOf("w"), "The branch captures it.");
        Assert.AreSame(graphs[2], graphs[2].OwnerOf("w"), "The branch has its own.");
        Assert.IsNull(graphs[1].OwnerOf("nobody"));
    }

    [TestMethod]
    public void InitializerOf_NameInABody_IsThatOfTheNearestGraph()
    {
        OnnxGraph[] graphs = Graphs();

        Assert.AreSame(graphs[0].InitializerOf("w"), graphs[1].InitializerOf("w"));
        Assert.AreNotSame(graphs[0].InitializerOf("w"), graphs[2].InitializerOf("w"));
        Assert.IsNull(graphs[1].InitializerOf("x"), "An input is no constant.");
        Assert.IsNull(graphs[2].InitializerOf("b"), "A value of the branch hides the constant outside.");
        Assert.IsNull(graphs[0].InitializerOf(null));
    }

    [TestMethod]
    public void ReadersOf_ValueOfTheMainGraph_AreInEveryGraphThatDoesNotHideIt()
    {
        OnnxGraph[] graphs = Graphs();

        ValueReader[] readers = [.. graphs[0].ReadersOf("w")];

        CollectionAssert.AreEquivalent(new[] { "m", "t" }, readers.Select(reader => reader.Node.Outputs[0]).ToArray());
        Assert.IsTrue(readers.All(reader => reader.Input == 1));
        Assert.AreSame(graphs[1], readers.Single(reader => reader.Node.Outputs[0] == "t").Graph);
    }

    private static OnnxGraph[] Graphs()
    {
        GraphBuilder captures = new GraphBuilder().Node("MatMul", "x w", "t").Output("t");
        GraphBuilder hides = new GraphBuilder().Initializer("w", SeededValues.Tensor("w", -1, 1, 4, 4)).Node("MatMul", "x w", "b").Node("Relu", "b", "u").Output("u");
        OnnxModel model = new ModelBuilder().Input("x", "n,4").Input("p", "", OnnxElementType.Bool).Weights("w", 4, 4).Weights("b", 4)
            .Node("MatMul", "x w", "m").Node("If", "p", "i", ("then_branch", captures), ("else_branch", hides)).Node("Sum", "m i b", "y").Output("y").Build();
        return [.. model.Graph.WithBodies];
    }
}
