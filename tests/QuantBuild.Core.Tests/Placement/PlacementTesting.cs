using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

/// <summary>Plans models without running them: every value is a float32 matrix unless a test knows better.</summary>
internal static class PlacementTesting
{
    private static readonly TensorFact Matrix = Float(4, 4);

    public static TensorFact Float(params long[] shape) => new(OnnxElementType.Float, shape);

    public static TensorFact Of(OnnxElementType type) => new(type, [4, 4]);

    public static PlacementPlan Plan(this ModelBuilder builder, params (string Value, TensorFact Fact)[] known)
    {
        OnnxGraph graph = builder.Build().Graph;
        return PlacementPlanner.Plan(graph, Facts(graph, known), NodeExclusion.None);
    }

    public static TensorFacts Facts(OnnxGraph graph, params (string Value, TensorFact Fact)[] known)
    {
        var facts = new Dictionary<string, TensorFact>(StringComparer.Ordinal);
        foreach (string value in graph.InputNames.Concat(graph.Nodes.SelectMany(node => node.Outputs)))
            facts[value] = Matrix;
        foreach ((string value, TensorFact fact) in known)
            facts[value] = fact;
        return new TensorFacts(graph, facts);
    }

    /// <summary>Asserts that the node is not planned, for this reason.</summary>
    public static void AssertStaysFloat(this PlacementPlan plan, string node, string reason)
    {
        FloatNode found = plan.FloatNodes.Single(candidate => candidate.Name == node);
        Assert.AreEqual(reason, found.Reason);
        Assert.IsFalse(plan.Nodes.Any(planned => planned.Node.DisplayName == node));
    }

    public static string[] PlannedOperators(this PlacementPlan plan) => [.. plan.Nodes.Select(node => node.Node.OpType)];

    public static PlannedActivation Activation(this PlacementPlan plan, string value) =>
        plan.Activations.Single(activation => activation.Value == value);
}
