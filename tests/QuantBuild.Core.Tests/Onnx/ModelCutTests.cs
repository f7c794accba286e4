using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class ModelCutTests
{
    private static OnnxModel Model => new ModelBuilder().Input("x", "n,4").Weights("w", 4, 4).Weights("v", 4, 4)
        .Node("MatMul", "x w", "a").Node("Relu", "a", "b").Node("MatMul", "b v", "c").Node("Add", "c a", "y").Node("Neg", "a", "z")
        .Output("y").Output("z").Build();

    [TestMethod]
    public void Of_NodesBehindAProduct_ReadWhatIsBeforeIt()
    {
        OnnxModel model = Model;
        IReadOnlySet<OnnxNode> nodes = ModelCut.Behind(model.Graph, [model.Graph.Nodes[2]]);

        ModelCut cut = ModelCut.Of(model, nodes, ["y"], _ => OnnxElementType.Float);

        CollectionAssert.AreEqual(new[] { "MatMul", "Add" }, cut.Nodes.Select(node => node.OpType).ToArray());
        CollectionAssert.AreEqual(new[] { "b", "a" }, cut.Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "v" }, cut.Model.Graph.InitializerNames.ToArray());
        Assert.IsNull(ModelChecker.FindProblem(cut.Model));
    }

    [TestMethod]
    public void Copy_ChangedCopy_LeavesThePartAsItIs()
    {
        OnnxModel model = Model;
        ModelCut cut = ModelCut.Of(model, ModelCut.Behind(model.Graph, [model.Graph.Nodes[2]]), ["y"], _ => OnnxElementType.Float);

        CutCopy copy = cut.Copy();
        new GraphEditor(copy.Model.Graph).SetOperator(copy.Nodes[model.Graph.Nodes[3]], "Sub");

        Assert.AreEqual("Sub", copy.Model.Graph.Nodes[1].OpType);
        Assert.AreEqual("Add", cut.Model.Graph.Nodes[1].OpType);
        Assert.AreEqual("Add", model.Graph.Nodes[3].OpType);
    }

    [TestMethod]
    public void Behind_BodyThatReadsTheValue_IsBehindIt()
    {
        GraphBuilder then = new GraphBuilder().Node("Neg", "a", "t").Output("t", "n,4");
        GraphBuilder otherwise = new GraphBuilder().Node("Identity", "x", "e").Output("e", "n,4");
        OnnxModel model = new ModelBuilder().Input("x", "n,4").Input("c", "", OnnxElementType.Bool).Weights("w", 4, 4)
            .Node("MatMul", "x w", "a").Node("If", "c", "y", ("then_branch", then), ("else_branch", otherwise)).Output("y").Build();

        IReadOnlySet<OnnxNode> behind = ModelCut.Behind(model.Graph, [model.Graph.Nodes[0]]);

        Assert.AreEqual(2, behind.Count);
        CollectionAssert.AreEquivalent(new[] { "x", "c" }, ModelCut.InputsOf(model.Graph, behind).ToArray());
    }
}
