using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class RemoveDeadNodesTests
{
    [TestMethod]
    public void Run_ChainNobodyReads_IsCounted()
    {
        (OnnxModel model, PassOutcome outcome) = new RemoveDeadNodes().Run(
            new ModelBuilder().Input("x", "3").Node("Neg", "x", "a").Node("Abs", "a", "b").Node("Relu", "x", "y").Output("y"));

        CollectionAssert.AreEqual(new[] { "Relu" }, model.Operators());
        Assert.AreEqual(2, outcome.Applied);
    }

    [TestMethod]
    public void Run_InsideABody_IsGoneThereAndAround()
    {
        (OnnxModel model, _) = new RemoveDeadNodes()
            .Run(new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool).Node("Neg", "x", "a")
            .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Abs", "a", "unused").Node("Relu", "x", "t").Output("t")))
                .Output("y"));

        CollectionAssert.AreEqual(new[] { "If" }, model.Operators());
        Assert.AreEqual(1, model.Graph.Nodes[0].Subgraphs[0].Nodes.Count);
    }
}
