using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Finds the node or body of a clone that stands for one of the graph it was cloned from.</summary>
internal sealed class PlannedNodeMap
{
    private readonly Dictionary<OnnxNode, OnnxNode> clones = [];
    private readonly Dictionary<OnnxGraph, OnnxGraph> graphs = [];

    public PlannedNodeMap(OnnxGraph original, OnnxGraph clone) => Add(original, clone);

    public OnnxNode Of(OnnxNode original) => clones[original];

    public OnnxGraph Of(OnnxGraph original) => graphs[original];

    private void Add(OnnxGraph original, OnnxGraph clone)
    {
        graphs.Add(original, clone);
        for (int i = 0; i < original.Nodes.Count; i++)
        {
            clones.Add(original.Nodes[i], clone.Nodes[i]);
            for (int body = 0; body < original.Nodes[i].Subgraphs.Count; body++)
                Add(original.Nodes[i].Subgraphs[body], clone.Nodes[i].Subgraphs[body]);
        }
    }
}
