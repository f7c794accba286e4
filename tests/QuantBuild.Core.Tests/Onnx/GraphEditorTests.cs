using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class GraphEditorTests
{
    [TestMethod]
    public void UniqueName_TakenInABody_IsAnother()
    {
        var editor = new GraphEditor(Branching().Graph);

        Assert.AreEqual("free", editor.UniqueName("free"));
        Assert.AreEqual("free_1", editor.UniqueName("free"));
        Assert.AreEqual("inner_1", editor.UniqueName("inner"));
    }

    [TestMethod]
    public void UniqueName_OfABody_DiffersFromTheGraphAround()
    {
        OnnxModel model = Branching();
        var editor = new GraphEditor(model.Graph.Nodes[1].Subgraphs[0], model.Graph);

        Assert.AreEqual("y_1", editor.UniqueName("y"));
    }

    [TestMethod]
    public void AddNode_Before_StandsThereAndIsIndexed()
    {
        OnnxModel model = Branching();
        var editor = new GraphEditor(model.Graph);

        OnnxNode added = editor.AddNode("Abs", ["x"], ["b"], before: model.Graph.Nodes[0], name: "n");

        Assert.AreSame(added, model.Graph.Nodes[0]);
        Assert.AreSame(added, model.Graph.ProducerOf("b"));
        CollectionAssert.Contains(model.Graph.ConsumersOf("x").ToArray(), added);
        Assert.IsTrue(editor.Changed);
    }

    [TestMethod]
    public void RemoveNode_OutputStillRead_Refuses()
    {
        OnnxModel model = Branching();
        var editor = new GraphEditor(model.Graph);

        Assert.ThrowsExactly<InvalidOperationException>(() => editor.RemoveNode(model.Graph.Nodes[0]));
        Assert.ThrowsExactly<InvalidOperationException>(() => editor.RemoveNode(model.Graph.Nodes[1]));
    }

    [TestMethod]
    public void ReplaceUses_ValueCapturedByABody_IsRenamedThere()
    {
        OnnxModel model = Branching();
        var editor = new GraphEditor(model.Graph);

        editor.ReplaceUses("a", "x");

        Assert.AreEqual("x", model.Graph.Nodes[1].Subgraphs[0].Nodes[0].Inputs[0]);
        Assert.AreEqual(0, model.Graph.ConsumersOf("a").Count);
        CollectionAssert.Contains(model.Graph.ConsumersOf("x").ToArray(), model.Graph.Nodes[1]);
    }

    [TestMethod]
    public void ReplaceUses_BodyHasItsOwnValueOfThatName_StaysThere()
    {
        GraphBuilder shadow = new GraphBuilder().Node("Neg", "x", "a").Node("Abs", "a", "inner").Output("inner");
        OnnxModel model = new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool).Node("Relu", "x", "a")
            .Node("If", "c", "y", ("then_branch", shadow))
            .Node("Neg", "a", "z").Output("y").Output("z").Build();

        new GraphEditor(model.Graph).ReplaceUses("a", "x");

        Assert.AreEqual("a", model.Graph.Nodes[1].Subgraphs[0].Nodes[1].Inputs[0]);
        Assert.AreEqual("x", model.Graph.Nodes[2].Inputs[0]);
    }

    [TestMethod]
    public void Bypass_InnerNode_ConsumersReadItsInput()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Node("Identity", "x", "i").Node("Neg", "i", "y").Output("y").Build();

        Assert.IsTrue(new GraphEditor(model.Graph).Bypass(model.Graph.Nodes[0]));

        Assert.AreEqual("x", model.Graph.Nodes.Single().Inputs[0]);
    }

    [TestMethod]
    public void Bypass_GraphOutput_KeepsItsName()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Node("Neg", "x", "n").Node("Identity", "n", "y").Node("Abs", "n", "z")
            .Output("y").Output("z").Build();

        Assert.IsTrue(new GraphEditor(model.Graph).Bypass(model.Graph.Nodes[1]));

        Assert.AreEqual("Neg", model.Graph.ProducerOf("y")!.OpType);
        Assert.AreEqual("y", model.Graph.ProducerOf("z")!.Inputs[0]);
        Assert.IsNull(ModelChecker.FindProblem(model));
    }

    [TestMethod]
    public void Bypass_InputAndOutputOfTheGraph_Refuses()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Node("Identity", "x", "y").Output("y").Build();

        Assert.IsFalse(new GraphEditor(model.Graph).Bypass(model.Graph.Nodes[0]));
        Assert.AreEqual(1, model.Graph.Nodes.Count);
    }

    [TestMethod]
    public void Bypass_SecondOutputRead_Refuses()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Node("Dropout", "x", "d mask").Node("Neg", "d", "y").Output("y")
            .Output("mask").Build();

        Assert.IsFalse(new GraphEditor(model.Graph).Bypass(model.Graph.Nodes[0]));
    }

    [TestMethod]
    public void RemoveDead_ChainAndWeightsAndDeclarations_AreGone()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Weights("w", 3).Weights("unused", 3).Node("Add", "x w", "a")
            .Node("Neg", "a", "b").Node("Abs", "x", "y")
            .Declare("a", "3").Declare("b", "3").Output("y").Build();

        new GraphEditor(model.Graph).RemoveDead();

        Assert.AreEqual("Abs", model.Graph.Nodes.Single().OpType);
        Assert.AreEqual(0, model.Graph.InitializerNames.Count());
        Assert.IsNull(model.Graph.DeclaredTypeOf("a"));
    }

    [TestMethod]
    public void RemoveDead_ReadByABodyOnly_Stays()
    {
        OnnxModel model = Branching();

        new GraphEditor(model.Graph).RemoveDead();

        Assert.AreEqual(2, model.Graph.Nodes.Count);
    }

    [TestMethod]
    public void RemoveDefaultInput_ListedInitializer_IsNoInputAnyMore()
    {
        OnnxModel model = new ModelBuilder(7).Input("x", "3").Weights("w", 3).AsInput("w").Node("Add", "x w", "y").Output("y").Build();
        var editor = new GraphEditor(model.Graph);

        Assert.IsTrue(editor.RemoveDefaultInput("w"));
        Assert.IsFalse(editor.RemoveDefaultInput("w"));
        Assert.IsFalse(editor.RemoveDefaultInput("x"));
        Assert.IsFalse(model.Graph.IsDeclaredInput("w"));
        Assert.IsTrue(model.Graph.IsInitializer("w"));
    }

    [TestMethod]
    public void SortTopologically_OutOfOrder_EarliestPossibleOrder()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Node("Neg", "b", "y").Node("Abs", "a", "b").Node("Relu", "x", "a")
            .Node("Exp", "x", "e").Output("y").Output("e").Build();

        new GraphEditor(model.Graph).SortTopologically();

        CollectionAssert.AreEqual(new[] { "Relu", "Abs", "Neg", "Exp" }, model.Graph.Nodes.Select(node => node.OpType).ToArray());
    }

    /// <summary><c>a = Relu(x)</c>, and an If whose branch captures <c>a</c>.</summary>
    private static OnnxModel Branching() => new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool).Node("Relu", "x", "a")
        .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Neg", "a", "inner").Output("inner"))).Output("y").Build();
}
