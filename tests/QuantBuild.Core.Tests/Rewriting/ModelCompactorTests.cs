using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class ModelCompactorTests
{
    /// <summary>More values than there are names of two letters.</summary>
    private const int ManyNodes = 4000;

    [TestMethod]
    public void Compact_Names_AreABijectionThatKeepsTheGraph()
    {
        // Inner values that have the names that will be given, in another order.
        ModelBuilder builder = new ModelBuilder().Input("x", "4").Weights("b", 4).Weights("a", 4)
            .Node("Add", "x b", "d").Node("Mul", "d a", "c").Node("Add", "c b", "y").Output("y");
        OnnxModel before = builder.Build();
        OnnxModel after = builder.Build();

        IReadOnlyDictionary<string, string> names = ModelCompactor.Compact(after, []);

        AssertSameGraph(before, after, names);
        CollectionAssert.AreEquivalent(new[] { "b", "a", "d", "c" }, names.Keys.ToArray());
    }

    [TestMethod]
    public void Compact_ManyValues_AllNamesDiffer()
    {
        var builder = new ModelBuilder().Input("x", "4").Output("y");
        for (int i = 0; i < ManyNodes; i++)
            builder.Node("Neg", i == 0 ? "x" : $"value_{i}", i == ManyNodes - 1 ? "y" : $"value_{i + 1}");
        OnnxModel after = builder.Build();

        IReadOnlyDictionary<string, string> names = ModelCompactor.Compact(after, []);

        Assert.AreEqual(ManyNodes - 1, names.Count);
        AssertSameGraph(builder.Build(), after, names);
    }

    [TestMethod]
    public void Compact_NamesOfBodies_AreShortAndMeanOneValueEach()
    {
        GraphBuilder first = new GraphBuilder().Weights("b").Node("Add", "captured b", "a").Node("Neg", "a", "c").Output("c");
        GraphBuilder second = new GraphBuilder().Node("Exp", "captured", "d").Output("d");
        ModelBuilder builder = new ModelBuilder().Input("x", "4").Input("p", "", OnnxElementType.Bool).Node("Neg", "x", "captured")
            .Node("Neg", "captured", "other").Node("If", "p", "i", ("then_branch", first), ("else_branch", second))
            .Node("Add", "i other", "y").Output("y");
        OnnxModel after = builder.Build();

        IReadOnlyDictionary<string, string> names = ModelCompactor.Compact(after, []);

        AssertSameGraph(builder.Build(), after, names);
        CollectionAssert.AreEquivalent(new[] { "captured", "other", "i", "a", "b", "c", "d" }, names.Keys.ToArray());
        Assert.IsTrue(names.Values.All(name => name.Length == 1));
        OnnxGraph[] branches = [.. after.Graph.Nodes[2].Subgraphs];
        CollectionAssert.AreEqual(new[] { names["captured"], names["b"] }, branches[0].Nodes[0].Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { names["c"] }, branches[0].OutputNames.ToArray());
        CollectionAssert.AreEqual(new[] { names["captured"] }, branches[1].Nodes[0].Inputs.ToArray());
    }

    private static void AssertSameGraph(OnnxModel before, OnnxModel after, IReadOnlyDictionary<string, string> names)
    {
        CollectionAssert.AllItemsAreUnique(names.Values.ToArray());
        string[] kept = [.. before.Graph.InputNames.Concat(before.Graph.OutputNames)];
        Assert.IsFalse(names.Values.Any(kept.Contains) || names.Keys.Any(kept.Contains));
        CollectionAssert.AreEqual(before.Graph.InputNames.ToArray(), after.Graph.InputNames.ToArray());
        CollectionAssert.AreEqual(before.Graph.OutputNames.ToArray(), after.Graph.OutputNames.ToArray());
        CollectionAssert.AreEqual(Renamed(before.Graph.InitializerNames), after.Graph.InitializerNames.ToArray());
        foreach ((OnnxNode was, OnnxNode now) in before.Graph.Nodes.Zip(after.Graph.Nodes))
        {
            CollectionAssert.AreEqual(Renamed(was.Inputs), now.Inputs.ToArray());
            CollectionAssert.AreEqual(Renamed(was.Outputs), now.Outputs.ToArray());
        }

        string[] Renamed(IEnumerable<string> values) => [.. values.Select(value => names.GetValueOrDefault(value, value))];
    }
}

file static class GraphBuilderExtensions
{
    public static GraphBuilder Weights(this GraphBuilder builder, string name) => builder.Initializer(name, SeededValues.Tensor(name, -1, 1, 4));
}
