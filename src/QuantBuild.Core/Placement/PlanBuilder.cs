using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Lists what the accepted nodes need, in the order of the graph.</summary>
internal static class PlanBuilder
{
    public static PlacementPlan Build(
        OnnxGraph graph, IReadOnlyDictionary<OnnxNode, PlacementVerdict> verdicts, IReadOnlySet<OnnxNode> accepted, NodeExclusion exclusion)
    {
        PlannedNode[] nodes = [.. graph.Nodes.Where(accepted.Contains).Select(node => verdicts[node].Candidate!)];
        var absorbed = nodes.SelectMany(node => node.Absorbed).ToHashSet();
        FloatNode[] floats =
        [
            .. graph.Nodes.Where(node => !accepted.Contains(node) && !absorbed.Contains(node))
                .Select(node => new FloatNode(node.DisplayName, node.OpType, verdicts[node].Reason)),
        ];
        return new PlacementPlan(nodes, [.. Activations(nodes, verdicts, graph.Outer is null ? null : graph)], floats, exclusion.WeightsOf(graph));
    }

    /// <summary>One plan of the plans of all graphs of a model.</summary>
    public static PlacementPlan Join(IReadOnlyList<PlacementPlan> parts)
    {
        var activations = new List<PlannedActivation>();
        int nodes = 0;
        foreach (PlacementPlan part in parts)
        {
            activations.AddRange(part.Activations.Select(activation => activation with { Producer = activation.Producer + nodes }));
            nodes += part.Nodes.Count;
        }
        return new PlacementPlan(
            [.. parts.SelectMany(part => part.Nodes)],
            activations,
            [.. parts.SelectMany(part => part.FloatNodes)],
            parts.SelectMany(part => part.FloatWeights).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Inputs of planned nodes before their outputs, so that what is tied stands behind what it is tied to.</summary>
    private static IEnumerable<PlannedActivation> Activations(
        PlannedNode[] nodes, IReadOnlyDictionary<OnnxNode, PlacementVerdict> verdicts, OnnxGraph? body)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Length; i++)
            if (nodes[i].QuantizesOutput)
                producers.Add(nodes[i].Output, i);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (PlannedNode node in nodes)
        {
            foreach (int input in node.ActivationInputs)
                if (seen.Add(node.Node.Inputs[input]))
                    yield return Activation(node.Node.Inputs[input]);
            if (node.QuantizesOutput && seen.Add(node.Output))
                yield return Activation(node.Output);
        }

        PlannedActivation Activation(string value) => producers.TryGetValue(value, out int producer)
            ? new PlannedActivation(value, producer, verdicts[nodes[producer].Node].Tied) { Body = body }
            : new PlannedActivation(value, null, null) { Body = body };
    }
}
