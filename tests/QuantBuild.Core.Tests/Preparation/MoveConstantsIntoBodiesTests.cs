using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class MoveConstantsIntoBodiesTests
{
    [TestMethod]
    public void Run_ConstantOfOneBranch_MovesToWhereItIsRead()
    {
        GraphBuilder inner = new GraphBuilder().Node("Add", "x w", "t").Output("t");
        GraphBuilder branch = new GraphBuilder().Node("If", "c", "u", ("then_branch", inner), ("else_branch", Reading("x", "e"))).Output("u");
        (OnnxModel model, PassOutcome outcome) = new MoveConstantsIntoBodies().Run(Model(branch, Reading("x", "f")));

        OnnxGraph first = model.Graph.Nodes[0].Subgraphs[0];
        Assert.IsFalse(model.Graph.IsInitializer("w"));
        Assert.IsFalse(first.IsInitializer("w"));
        Assert.IsTrue(first.Nodes[0].Subgraphs[0].IsInitializer("w"));
        Assert.AreEqual(2, outcome.Applied);
    }

    [TestMethod]
    public void Run_ConstantOfBothBranchesOrOfANode_Stays()
    {
        GraphBuilder reading = new GraphBuilder().Node("Add", "x w", "t").Output("t");

        new MoveConstantsIntoBodies().AssertIgnores(Model(reading, new GraphBuilder().Node("Add", "x w", "e").Output("e")));
        new MoveConstantsIntoBodies().AssertIgnores(Model(reading, Reading("x", "e")).Node("Neg", "w", "z").Output("z"));
        new MoveConstantsIntoBodies().AssertIgnores(Model(reading, Reading("x", "e")).Output("w"));
    }

    private static GraphBuilder Reading(string value, string output) => new GraphBuilder().Node("Neg", value, output).Output(output);

    private static ModelBuilder Model(GraphBuilder thenBranch, GraphBuilder elseBranch) => new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool)
        .Weights("w", 3).Node("If", "c", "y", ("then_branch", thenBranch), ("else_branch", elseBranch)).Output("y");
}
