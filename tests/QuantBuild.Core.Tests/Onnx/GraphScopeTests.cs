using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class GraphScopeTests
{
    [TestMethod]
    public void ConstantOf_NameInABody_IsThatOfTheNearestGraph()
    {
        GraphScope[] scopes = Scopes();

        Assert.AreEqual(3, scopes.Length);
        Assert.AreSame(scopes[0].Graph, scopes[1].ConstantOf("w")!.Value.Owner, "The branch captures it.");
        Assert.AreSame(scopes[2].Graph, scopes[2].ConstantOf("w")!.Value.Owner, "The branch has its own.");
        Assert.IsNull(scopes[1].ConstantOf("x"), "An input is no constant.");
        Assert.IsNull(scopes[2].ConstantOf("b"), "A value of the branch hides the constant outside.");
        Assert.IsNull(scopes[0].ConstantOf(null));
    }

    [TestMethod]
    public void ReadersOf_ValueOfTheMainGraph_AreInEveryGraphThatDoesNotHideIt()
    {
        GraphScope[] scopes = Scopes();

        ValueReader[] readers = [.. GraphScope.ReadersOf(scopes[0].Graph, "w")];

        CollectionAssert.AreEquivalent(new[] { "m", "t" }, readers.Select(reader => reader.Node.Outputs[0]).ToArray());
        Assert.IsTrue(readers.All(reader => reader.Input == 1));
        Assert.AreSame(scopes[1].Graph, readers.Single(reader => reader.Node.Outputs[0] == "t").Graph);
    }

    private static GraphScope[] Scopes()
    {
        GraphBuilder captures = new GraphBuilder().Node("MatMul", "x w", "t").Output("t");
        GraphBuilder hides = new GraphBuilder().Initializer("w", SeededValues.Tensor("w", -1, 1, 4, 4)).Node("MatMul", "x w", "b").Node("Relu", "b", "u").Output("u");
        OnnxModel model = new ModelBuilder().Input("x", "n,4").Input("p", "", OnnxElementType.Bool).Weights("w", 4, 4).Weights("b", 4)
            .Node("MatMul", "x w", "m").Node("If", "p", "i", ("then_branch", captures), ("else_branch", hides)).Node("Sum", "m i b", "y").Output("y").Build();
        return [.. GraphScope.AllOf(model.Graph)];
    }
}
