using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>From the nodes and graphs that the plan was made for to those of the clone that is rewritten.</summary>
internal sealed class PlannedNodeMap
{
    private readonly Dictionary<OnnxNode, OnnxNode> clones = [];
    private readonly Dictionary<OnnxNode, OnnxGraph> graphs = [];
    private readonly Dictionary<OnnxGraph, OnnxGraph> cloned = [];

    public PlannedNodeMap(OnnxGraph original, OnnxGraph clone)
    {
        Graphs = [.. original.WithBodies.Zip(clone.WithBodies)];
        foreach ((OnnxGraph from, OnnxGraph to) in Graphs)
        {
            cloned.Add(from, to);
            for (int i = 0; i < from.Nodes.Count; i++)
            {
                clones.Add(from.Nodes[i], to.Nodes[i]);
                graphs.Add(from.Nodes[i], from);
            }
        }
    }

    /// <summary>The main graph, then the bodies in it, each behind the graph around it.</summary>
    public IReadOnlyList<(OnnxGraph Original, OnnxGraph Clone)> Graphs { get; }

    public OnnxNode Of(OnnxNode original) => clones[original];

    public OnnxGraph Of(OnnxGraph original) => cloned[original];

    /// <summary>The graph of the original that the node stands in.</summary>
    public OnnxGraph GraphOf(OnnxNode original) => graphs[original];
}
