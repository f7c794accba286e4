using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>
/// Values that kernels make for one concatenation alone, directly or moved on the way:
/// <code>
/// Conv ─ a ─ Reshape ─ b ─┐
///        Conv ─ c ────────┴ Concat ─ d        a (and with it b) and c take the parameters of d
/// </code>
/// The kernel then only copies. Nothing is lost: d is rounded with its own step in any case, and is so once instead of twice.
/// </summary>
internal static class JoinedValues
{
    /// <returns>Value → output of the concatenation, for values with parameters of their own.</returns>
    public static IReadOnlyDictionary<string, string> Of(OnnxGraph graph, IReadOnlyList<PlannedNode> nodes, IReadOnlyList<PlannedActivation> activations)
    {
        var joined = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!nodes.Any(node => node.Node.Is("Concat")))
            return joined;
        Dictionary<OnnxNode, PlannedNode> planned = nodes.ToDictionary(node => node.Node);
        ILookup<string?, string> moved = activations.ToLookup(activation => activation.TiedTo, activation => activation.Value);
        foreach (PlannedActivation activation in activations)
            if (activation is { TiedTo: null, Producer: { } producer } && IsFree(nodes[producer], activation, graph)
                && Targets(activation.Value).Distinct().ToArray() is [{ } target])
                joined.Add(activation.Value, target);
        return joined;

        // One null among them: somebody else reads the value.
        IEnumerable<string?> Targets(string value)
        {
            if (graph.IsOutput(value))
                yield return null;
            foreach (OnnxNode reader in graph.ConsumersOf(value))
            {
                PlannedNode? node = planned.GetValueOrDefault(reader);
                string[] parts = [.. moved[value].Where(part => node is not null && node.Outputs.Contains(part))];
                if (node is null || (parts.Length == 0 && !reader.Is("Concat")))
                    yield return null;
                else if (parts.Length == 0)
                    yield return node.Output;
                else
                    foreach (string? target in parts.SelectMany(Targets))
                        yield return target;
            }
        }
    }

    /// <remarks>A range that does a Clip's work, or ends where a function ends, must not become wider. That of a Relu only must not reach below
    /// zero, which is seen when both ranges are known.</remarks>
    private static bool IsFree(PlannedNode producer, PlannedActivation activation, OnnxGraph graph) =>
        !producer.Absorbed.Any(absorbed => absorbed.Is("Clip")) && FunctionRange.Of(activation.Value, graph) is null;
}
