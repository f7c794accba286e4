using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class UndecidedBranchesTests
{
    [TestMethod]
    public void NodesIn_BranchInABranch_BothAndNothingAround() =>
        CollectionAssert.AreEquivalent(
            new[] { "then", "choice", "inner" }, UndecidedBranches.NodesIn(Nested().Build()).Where(name => name.Length > 0).ToArray());

    [TestMethod]
    public void Write_BranchInABranch_ReadsAnInputAsTheFirstDoes()
    {
        OnnxModel model = OnnxModelReader.ParseAnyOpset(UndecidedBranches.Write(Nested().Build()), new DiagnosticOrigin("model.onnx"));

        CollectionAssert.AreEqual(new[] { "x", "condition" }, model.Graph.InputNames.ToArray());
        OnnxNode[] choices = [.. model.Graph.WithBodies.SelectMany(graph => graph.Nodes).Where(node => node.Is("If"))];
        CollectionAssert.AreEqual(new[] { "condition", "condition" }, choices.Select(choice => choice.Inputs[0]).ToArray());
        Assert.IsNull(ModelChecker.FindProblem(model));
    }

    private static ModelBuilder Nested()
    {
        GraphBuilder inner = new GraphBuilder().Node("Relu", "x", "i", ("name", "inner")).Output("i");
        GraphBuilder outer = new GraphBuilder().Node("Relu", "x", "t", ("name", "then"))
            .Node("If", "c", "o", ("name", "choice"), ("then_branch", inner), ("else_branch", new GraphBuilder().Node("Abs", "t", "e").Output("e"))).Output("o");
        return new ModelBuilder().Input("x", "n,3").Output("y").Initializer("zero", OnnxTensor.Scalar(0)).Node("ReduceMax", "x", "m", ("keepdims", 0))
            .Node("Greater", "m zero", "c", ("name", "around"))
            .Node("If", "c", "y", ("then_branch", outer), ("else_branch", new GraphBuilder().Node("Abs", "x", "a").Output("a")));
    }
}
