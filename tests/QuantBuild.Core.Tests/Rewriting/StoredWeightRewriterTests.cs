using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class StoredWeightRewriterTests
{
    [TestMethod]
    public void Rewrite_LargeWeight_IsStoredInBytesAndRestored()
    {
        OnnxGraph graph = Rewrite(new ModelBuilder().Input("x", "n,32").Weights("w", 32, 16).Node("MatMul", "x w", "y").Output("y"));

        CollectionAssert.AreEqual(new[] { "Cast", "Mul", "MatMul" }, graph.Nodes.Select(node => node.OpType).ToArray());
        Assert.AreEqual(OnnxElementType.Int8, graph.InitializerTypeOf(graph.Nodes[0].Inputs[0]));
        CollectionAssert.AreEqual(new long[] { 1, 16 }, graph.InitializerOf(graph.Nodes[1].Inputs[1])!.Shape.ToArray(), "One scale a column.");
        Assert.AreEqual(2, graph.InitializerNames.Count());
    }

    [TestMethod]
    public void Rewrite_SmallWeightAndVector_StayAsTheyAre()
    {
        OnnxGraph graph = Rewrite(
            new ModelBuilder().Input("x", "n,32").Weights("w", 32, 15).Weights("b", 600).Node("MatMul", "x w", "m")
                .Node("Mul", "b b", "y").Output("m").Output("y"));

        CollectionAssert.AreEqual(new[] { "MatMul", "Mul" }, graph.Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    [DataRow(float.NegativeInfinity)]
    [DataRow(float.NaN)]
    public void Rewrite_ConstantThatMasks_StaysAsItIs(float masked)
    {
        float[] mask = [.. Enumerable.Range(0, 1024).Select(i => i % 32 > i / 32 ? masked : 0)];
        OnnxGraph graph = Rewrite(
            new ModelBuilder().Input("rows", "n", OnnxElementType.Int64).Floats("mask", [32, 32], mask).Node("Gather", "mask rows", "y")
                .Output("y"));

        Assert.AreEqual("Gather", graph.Nodes.Single().OpType);
        CollectionAssert.AreEqual(mask, graph.InitializerOf(graph.InitializerNames.Single())!.Floats.ToArray());
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
            CollectionAssert.AreEqual(new[] { "Cast", "Mul", "MatMul" }, branch.Nodes.Select(node => node.OpType).ToArray());
            string[] inside = [.. branch.InitializerNames.Concat(branch.Nodes.SelectMany(node => node.Outputs))];
            CollectionAssert.AreEqual(Array.Empty<string>(), inside.Intersect(around).ToArray());
        }
    }

    [TestMethod]
    public void Rewrite_WeightThatIsKeptFloat_StaysAsItIs()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,32").Weights("w", 32, 16).Node("MatMul", "x w", "y").Output("y");

        Assert.AreEqual("MatMul", Rewrite(model, "w").Nodes.Single().OpType);
        Assert.AreEqual(3, Rewrite(model, "v").Nodes.Count);
    }

    [TestMethod]
    public void Rewrite_ConstantOfAnOperatorWithoutWeights_StaysAsItIs() =>
        Assert.AreEqual(
            "Add", Rewrite(new ModelBuilder().Input("x", "n,32").Weights("w", 32, 32).Node("Add", "x w", "y").Output("y"))
                .Nodes.Single().OpType);

    private static OnnxGraph Rewrite(ModelBuilder builder, params string[] keptFloat) =>
        OnnxModelReader.ParseAnyOpset(
            StoredWeightRewriter.Rewrite(builder.Build(), keptFloat.ToHashSet()).Image, new DiagnosticOrigin("model.onnx")).Graph;
}
