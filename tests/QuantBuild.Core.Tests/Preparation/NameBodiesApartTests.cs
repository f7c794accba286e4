using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class NameBodiesApartTests
{
    [TestMethod]
    public void Run_BothBranchesUseOneName_EveryNameMeansOneValue()
    {
        (OnnxModel model, PassOutcome outcome) = new NameBodiesApart().Run(new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "y", ("then_branch", Branch("Relu")), ("else_branch", Branch("Neg"))).Output("y"));

        string[] names = [.. model.Graph.WithBodies.SelectMany(graph => graph.OwnNames)];
        CollectionAssert.AreEqual(names.Distinct().ToArray(), names);
        OnnxGraph second = model.Graph.Nodes[0].Subgraphs[1];
        Assert.AreEqual(second.Nodes[1].Outputs[0], second.OutputNames.Single());
        Assert.AreEqual(second.InitializerNames.Single(), second.Nodes[1].Inputs[1]);
        Assert.AreEqual(3, outcome.Applied);
    }

    [TestMethod]
    public void Run_NameOfTheOuterGraphInABody_InnerBodiesReadTheNearest()
    {
        GraphBuilder inner = new GraphBuilder().Node("Relu", "x", "t").Output("t");
        GraphBuilder outer = new GraphBuilder().Node("Neg", "y0", "x").Node("If", "c", "z", ("then_branch", inner), ("else_branch", inner)).Output("z");
        (OnnxModel model, _) = new NameBodiesApart().Run(new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool)
            .Node("Abs", "x", "y0").Node("If", "c", "y", ("then_branch", outer), ("else_branch", inner)).Output("y"));

        OnnxGraph branch = model.Graph.Nodes[1].Subgraphs[0];
        string renamed = branch.Nodes[0].Outputs[0];
        Assert.AreNotEqual("x", renamed);
        Assert.AreEqual(renamed, branch.Nodes[1].Subgraphs[0].Nodes[0].Inputs[0]);
        Assert.AreEqual("x", model.Graph.Nodes[1].Subgraphs[1].Nodes[0].Inputs[0]);
        Assert.IsNull(ModelChecker.FindProblem(model));
    }

    [TestMethod]
    public void Run_NamesThatDiffer_Ignores() =>
        new NameBodiesApart().AssertIgnores(new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Relu", "x", "t").Output("t")),
                ("else_branch", new GraphBuilder().Node("Neg", "x", "e").Output("e"))).Output("y"));

    private static GraphBuilder Branch(string opType) => new GraphBuilder().Initializer("k", OnnxTensor.Scalar(2))
        .Node(opType, "x", "t").Node("Mul", "t k", "m").Output("m");
}
