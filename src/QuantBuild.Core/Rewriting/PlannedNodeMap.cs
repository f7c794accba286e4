using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Finds the node of a clone that stands for a node of the graph it was cloned from.</summary>
internal sealed class PlannedNodeMap
{
    private readonly Dictionary<OnnxNode, OnnxNode> clones = [];

    private readonly Dictionary<OnnxNode, OnnxGraph> graphs = [];

    public PlannedNodeMap(OnnxGraph original, OnnxGraph clone)
    {
        foreach ((OnnxGraph from, OnnxGraph to) in original.WithBodies.Zip(clone.WithBodies))
        {
            Graphs.Add(from, to);
            for (int i = 0; i < from.Nodes.Count; i++)
            {
                clones.Add(from.Nodes[i], to.Nodes[i]);
                graphs.Add(from.Nodes[i], from);
            }
        }
    }

    /// <summary>Graph of the original → the graph that stands for it, the main one first.</summary>
    public Dictionary<OnnxGraph, OnnxGraph> Graphs { get; } = [];

    public OnnxNode Of(OnnxNode original) => clones[original];

    /// <summary>The graph of the original that the node stands in.</summary>
    public OnnxGraph GraphOf(OnnxNode original) => graphs[original];
}
