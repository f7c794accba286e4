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
                .Select(node => new FloatNode(node, verdicts[node].Reason)),
        ];
        PlannedActivation[] activations = [.. Activations(nodes, verdicts)];
        IReadOnlyDictionary<string, string> joined = JoinedValues.Of(graph, nodes, activations);
        return new PlacementPlan(
            nodes,
            [
                .. activations.Select(activation => activation with
                {
                    Body = graph.Outer is null ? null : graph,
                    Bounds = BoundsOf(activation, graph, nodes),
                    JoinedInto = joined.GetValueOrDefault(activation.Value),
                }),
            ],
            floats,
            exclusion.WeightsOf(graph));
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

    private static ReadBounds? BoundsOf(PlannedActivation activation, OnnxGraph graph, PlannedNode[] nodes) =>
        (activation.Producer is { } producer
            ? HardSigmoidRule.BoundsOf(activation.Value, graph, nodes) ?? AbsorbedActivation.BoundsIn(nodes[producer], graph)
            : null)
        ?? FunctionRange.Of(activation.Value, graph);

    /// <summary>Inputs of planned nodes before their outputs, so that what is tied stands behind what it is tied to.</summary>
    private static IEnumerable<PlannedActivation> Activations(PlannedNode[] nodes, IReadOnlyDictionary<OnnxNode, PlacementVerdict> verdicts)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Length; i++)
            if (nodes[i].QuantizesOutput)
                foreach (string output in nodes[i].Outputs)
                    producers.Add(output, i);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (PlannedNode node in nodes)
        {
            foreach (int input in node.ActivationInputs)
                if (seen.Add(node.Node.Inputs[input]))
                    yield return Activation(node.Node.Inputs[input]);
            if (node.QuantizesOutput)
                foreach (string output in node.Outputs.Where(seen.Add))
                    yield return Activation(output);
        }

        PlannedActivation Activation(string value) => producers.TryGetValue(value, out int producer)
            ? new PlannedActivation(value, producer, verdicts[nodes[producer].Node].Tied)
            : new PlannedActivation(value, null, null);
    }
}
