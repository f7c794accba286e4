using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = Op(x), z = Op(x), f(y), g(z)  →  y = Op(x), f(y), g(y)
/// </code>
/// for nodes of one operator with the same attributes. Exact. The first stays. The runtime does so too, but not between conversions to
/// integers, where each would be computed, and then nodes that were planned for integers are missing from what it runs.
/// </summary>
internal sealed class MergeEqualNodes : IGraphPass
{
    /// <summary>Two of them give different values.</summary>
    private static readonly HashSet<string> Random = new(StringComparer.Ordinal)
    {
        "Bernoulli", "Dropout", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
    };

    public void Run(PassContext context)
    {
        var kept = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            if (node.Domain.Length > 0 || node.Subgraphs.Count > 0 || Random.Contains(node.OpType))
                continue;
            if (kept.TryAdd(node.Fingerprint(), node))
                continue;
            if (node.Outputs.Any(context.Graph.IsOutput))
            {
                context.Decline(node, "it gives an output of the graph");
                continue;
            }
            OnnxNode first = kept[node.Fingerprint()];
            for (int i = 0; i < node.Outputs.Count; i++)
                if (node.Outputs[i].Length > 0)
                    context.Editor.ReplaceUses(node.Outputs[i], first.Outputs[i]);
            context.Editor.RemoveNode(node);
            context.CountApplied();
        }
    }
}
