using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class MergeEqualNodesTests
{
    [TestMethod]
    public void Run_SameOperatorInputsAndAttributes_FirstStays()
    {
        (OnnxModel model, PassOutcome outcome) = new MergeEqualNodes().Run(Two("Softmax", ("axis", 1), ("axis", 1)));

        CollectionAssert.AreEqual(new[] { "Softmax", "Add" }, model.Graph.Nodes.Select(node => node.OpType).ToArray());
        CollectionAssert.AreEqual(new[] { "a", "a" }, model.Graph.Nodes[1].Inputs.ToArray());
        Assert.AreEqual(1, outcome.Applied);
    }

    [TestMethod]
    public void Run_NodesBehindEqualOnes_AreEqualToo()
    {
        (OnnxModel model, _) = new MergeEqualNodes().Run(new ModelBuilder().Input("x", "2,3")
            .Node("Neg", "x", "a").Node("Neg", "x", "b").Node("Abs", "a", "c").Node("Abs", "b", "d").Node("Add", "c d", "y").Output("y"));

        Assert.AreEqual("Neg Abs Add", string.Join(' ', model.Graph.Nodes.Select(node => node.OpType)));
    }

    [TestMethod]
    public void Run_OtherAttributeOrInput_Stays()
    {
        new MergeEqualNodes().AssertIgnores(Two("Softmax", ("axis", 0), ("axis", 1)));
        new MergeEqualNodes().AssertIgnores(new ModelBuilder().Input("x", "2,3").Input("z", "2,3")
            .Node("Neg", "x", "a").Node("Neg", "z", "b").Node("Add", "a b", "y").Output("y"));
    }

    [TestMethod]
    public void Run_RandomNumbers_Stay() => new MergeEqualNodes().AssertIgnores(Two("RandomNormalLike", ("mean", 0f), ("mean", 0f)));

    [TestMethod]
    public void Run_SecondIsAnOutput_Stays()
    {
        (OnnxModel model, PassOutcome outcome) = new MergeEqualNodes().Run(Two("Softmax", ("axis", 1), ("axis", 1)).Output("b"));

        Assert.HasCount(3, model.Graph.Nodes);
        Assert.HasCount(1, outcome.Declined);
    }

    [TestMethod]
    public void Run_ReadByABody_BodyReadsTheFirst()
    {
        (OnnxModel model, _) = new MergeEqualNodes().Run(Two("Softmax", ("axis", 1), ("axis", 1)).Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "z", ("then_branch", new GraphBuilder().Node("Neg", "b", "t").Output("t"))).Output("z"));

        Assert.AreEqual("a", model.Graph.Nodes.Single(node => node.Is("If")).Subgraphs[0].Nodes[0].Inputs[0]);
    }

    private static ModelBuilder Two(string opType, (string, object) first, (string, object) second) => new ModelBuilder().Input("x", "2,3")
        .Node(opType, "x", "a", first).Node(opType, "x", "b", second).Node("Add", "a b", "y").Output("y");
}
