using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class StoredWeightRewriterTests
{
    [TestMethod]
    public void Rewrite_Weight_IsStoredInBytesAndRestored()
    {
        OnnxGraph graph = Rewrite(Product());

        AssertOperators(graph, "Cast", "Mul", "MatMul");
        Assert.AreEqual(OnnxElementType.Int8, graph.InitializerTypeOf(graph.Nodes[0].Inputs[0]));
        CollectionAssert.AreEqual(new long[] { 1, 16 }, graph.InitializerOf(graph.Nodes[1].Inputs[1])!.Shape.ToArray(), "One scale a column.");
        Assert.AreEqual(2, graph.InitializerNames.Count());
    }

    [TestMethod]
    public void Rewrite_Float16_IsStoredInHalvesAndRestored()
    {
        OnnxGraph graph = Rewrite(Product(), QuantizationScheme.Float16);

        AssertOperators(graph, "Cast", "MatMul");
        float[] floats = SeededValues.Tensor("w", -1, 1, 32, 16).Floats.ToArray();
        CollectionAssert.AreEqual(
            floats.Select(value => (Half)value).ToArray(), graph.InitializerOf(graph.InitializerNames.Single())!.Values<Half>().ToArray());
    }

    [TestMethod]
    public void Rewrite_Float32_StaysAsItIs() =>
        AssertOperators(Rewrite(Product(), QuantizationScheme.WeightOnly, WeightStorage.Float32), "MatMul");

    [TestMethod]
    public void Rewrite_RecurrentWeights_HaveAScaleForEveryRowOfEveryDirection()
    {
        OnnxGraph graph = Rewrite(new ModelBuilder().Input("x", "s,1,12").Output("y").Weights("w", 2, 48, 12).Weights("r", 2, 48, 16)
            .Node("GRU", "x w r", "y", ("hidden_size", 16), ("direction", "bidirectional")));

        CollectionAssert.AreEqual(new long[] { 2, 48, 1 }, graph.InitializerOf(graph.Nodes.First(node => node.OpType == "Mul").Inputs[1])!.Shape.ToArray());
    }

    [TestMethod]
    public void Rewrite_WeightOfABody_NewNamesDifferFromThoseAround()
    {
        // The graph around has values of the names that the body's new values would get by themselves.
        GraphBuilder body = new GraphBuilder().Initializer("w", SeededValues.Tensor("w", -1, 1, 32, 16)).Node("MatMul", "x w", "inner")
            .Output("inner");
        OnnxGraph graph = Rewrite(new ModelBuilder().Input("x", "n,32").Input("p", "", OnnxElementType.Bool).Input("c", "n,16")
            .Input("w_1", "n,16")
            .Node("If", "p", "i", ("then_branch", body), ("else_branch", body)).Node("Sum", "i c w_1", "y").Output("y"));

        string[] around = [.. graph.InputNames.Concat(graph.InitializerNames).Concat(graph.Nodes.SelectMany(node => node.Outputs))];
        foreach (OnnxGraph branch in graph.Nodes[0].Subgraphs)
        {
            AssertOperators(branch, "Cast", "Mul", "MatMul");
            string[] inside = [.. branch.InitializerNames.Concat(branch.Nodes.SelectMany(node => node.Outputs))];
            CollectionAssert.AreEqual(Array.Empty<string>(), inside.Intersect(around).ToArray());
        }
    }

    [TestMethod]
    public void Rewrite_WeightThatABodyCaptures_IsRestoredInItsOwnGraph()
    {
        GraphBuilder body = new GraphBuilder().Node("MatMul", "x w", "inner").Output("inner");
        OnnxGraph graph = Rewrite(new ModelBuilder().Input("x", "n,32").Input("p", "", OnnxElementType.Bool).Weights("w", 32, 16)
            .Node("If", "p", "y", ("then_branch", body), ("else_branch", body)).Output("y"));

        AssertOperators(graph, "Cast", "Mul", "If");
        foreach (OnnxGraph branch in graph.Nodes[2].Subgraphs)
            Assert.AreEqual(graph.Nodes[1].Outputs[0], branch.Nodes.Single().Inputs[1]);
    }

    [TestMethod]
    public void Rewrite_LargeTable_IsReadByRows()
    {
        OnnxGraph graph = Rewrite(Table(4096).Node("Gather", "t i", "y").Output("y"));

        AssertOperators(graph, "Gather", "Cast", "Gather", "Mul");
        OnnxNode restore = graph.Nodes[3];
        Assert.AreEqual(OnnxElementType.Int8, graph.InitializerTypeOf(graph.Nodes.First(node => node.OpType == "Gather").Inputs[0]));
        CollectionAssert.AreEqual(new[] { "y" }, restore.Outputs.ToArray());
        CollectionAssert.Contains(graph.InitializerNames.Select(name => string.Join(',', graph.InitializerOf(name)!.Shape)).ToArray(), "4096,1");
    }

    [TestMethod]
    public void Rewrite_LargeTableInHalves_IsReadByRows() =>
        AssertOperators(Rewrite(Table(4096).Node("Gather", "t i", "y").Output("y"), QuantizationScheme.Float16), "Gather", "Cast");

    [TestMethod]
    public void Rewrite_TableThatIsSmallOrReadInAnotherWayToo_IsRestoredAtLoad()
    {
        AssertOperators(Rewrite(Table(256).Node("Gather", "t i", "y").Output("y")), "Cast", "Mul", "Gather");
        AssertOperators(
            Rewrite(Table(4096).Input("x", "n,4096").Node("Gather", "t i", "y").Node("MatMul", "x t", "z").Output("y").Output("z")),
            "Cast", "Mul", "Gather", "MatMul");
    }

    private static ModelBuilder Product() => new ModelBuilder().Input("x", "n,32").Weights("w", 32, 16).Node("MatMul", "x w", "y").Output("y");

    private static ModelBuilder Table(int rows) => new ModelBuilder().Input("i", "n", OnnxElementType.Int64).Weights("t", rows, 64);

    private static OnnxGraph Rewrite(
        ModelBuilder builder, QuantizationScheme scheme = QuantizationScheme.WeightOnly, WeightStorage storage = WeightStorage.Auto) =>
        RewrittenModel.Of(builder, TestSettings.Of(scheme, storage)).Graph;

    private static void AssertOperators(OnnxGraph graph, params string[] operators) =>
        CollectionAssert.AreEquivalent(operators, graph.Nodes.Select(node => node.OpType).ToArray());
}
