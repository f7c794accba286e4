using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Finds the node of a clone that stands for a node of the graph it was cloned from.</summary>
internal sealed class PlannedNodeMap
{
    private readonly Dictionary<OnnxNode, OnnxNode> clones = [];

    public PlannedNodeMap(OnnxGraph original, OnnxGraph clone)
    {
        for (int i = 0; i < original.Nodes.Count; i++)
            clones.Add(original.Nodes[i], clone.Nodes[i]);
    }

    public OnnxNode Of(OnnxNode original) => clones[original];
}
