using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>
/// <code>
/// y = If(Greater(Gather(Shape(x), 0), 4), …)      →      y = If(condition, …)      condition: an input
/// </code>
/// The runtime takes an If whose condition it knows out of the model when it loads it, with names of its own for the nodes of the branch, and
/// without the other branch. Here it knows none.
/// </summary>
internal static class UndecidedBranches
{
    /// <summary>The names of all nodes that the runtime may rename or leave out with an If around them.</summary>
    public static IReadOnlySet<string> NodesIn(OnnxModel model) => Choices(model)
        .SelectMany(choice => choice.If.Subgraphs).SelectMany(branch => branch.WithBodies).SelectMany(graph => graph.Nodes)
        .Select(node => node.Name).ToHashSet(StringComparer.Ordinal);

    public static ModelImage Write(OnnxModel model)
    {
        OnnxModel undecided = model.Clone();
        string condition = new GraphEditor(undecided.Graph).AddInput("condition", OnnxElementType.Bool);
        foreach ((OnnxGraph graph, OnnxNode choice) in Choices(undecided))
            new GraphEditor(graph, undecided.Graph).SetInput(choice, 0, condition);
        return undecided.ToImage();
    }

    private static (OnnxGraph Graph, OnnxNode If)[] Choices(OnnxModel model) =>
        [.. model.Graph.WithBodies.SelectMany(graph => graph.Nodes.Where(node => node.Is("If")).Select(node => (graph, node)))];
}
