using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Placement.Costs;

/// <summary>What the time of a whole model becomes when it runs as it is planned, by the same table that decides about the plan.</summary>
internal static class CostEstimate
{
    private const int Decimals = 4;

    /// <param name="graph">Of the float model, to which the plan belongs.</param>
    /// <param name="packed">Nodes that multiply by packed codes, in float or in integers.</param>
    /// <param name="costs">Of the processor that runs the model.</param>
    /// <returns>Time in the planned forms over time in float; 1 when the shapes tell nothing of the work.</returns>
    public static double Relative(
        OnnxGraph graph, PlacementPlan plan, IReadOnlyDictionary<OnnxNode, PackedProduct> packed, TensorFacts facts, CostTable costs)
    {
        var model = new CostModel(costs, graph, facts);
        var planned = plan.Nodes.ToDictionary(node => node.Node);
        var packedCosts = new PackedProductCosts(costs, facts);
        var dynamic = plan.DynamicNodes.Select(node => node.Node).ToHashSet();
        var quantizedInputs = new HashSet<string>(StringComparer.Ordinal);
        var absorbed = plan.Nodes.SelectMany(node => node.Absorbed).ToHashSet();
        double inFloat = 0;
        double asPlanned = 0;
        foreach (OnnxNode node in graph.Nodes.Where(node => !absorbed.Contains(node) && node.Inputs.Count > 0 && facts.Of(node.Outputs[0]) is not null))
        {
            NodeCost cost = planned.TryGetValue(node, out PlannedNode? form) ? model.Of(form) : model.Of(AsProduct(graph, node), MultiplyAdds.Of(node, facts));
            inFloat += cost.Float;
            asPlanned += form is not null ? cost.Integer
                : dynamic.Contains(node) ? cost.Float * model.Dynamic(node, MultiplyAdds.Of(node, facts), quantizedInputs.Add(node.Inputs[0]))
                : packed.TryGetValue(node, out PackedProduct product) ? cost.Float * Packed(node, product)
                : cost.Float;
        }
        asPlanned += plan.Activations.Where(activation => activation.Body is null).DistinctBy(activation => activation.Value).Sum(Conversions);
        return inFloat > 0 ? Math.Round(asPlanned / inFloat, Decimals) : 1;

        // A float producer has its value quantized once; every float reader has codes turned back.
        double Conversions(PlannedActivation activation)
        {
            if (activation.Producer is null)
                return model.Conversion(activation.Value);
            int floatReaders = graph.ConsumersOf(activation.Value).Count(reader => !planned.ContainsKey(reader) && !absorbed.Contains(reader))
                + (graph.IsOutput(activation.Value) ? 1 : 0);
            return floatReaders * model.Dequantization(activation.Value);
        }

        double Packed(OnnxNode node, PackedProduct product) =>
            facts.Of(node.Inputs[0]) is { } left && facts.Of(node.Outputs[0]) is { } output
                ? packedCosts.Relative([node], (int)left.Shape[^1], (int)output.Shape[^1], product) ?? 1
                : 1;
    }

    /// <summary>A node that is not planned, as the cost model takes it.</summary>
    private static PlannedNode AsProduct(OnnxGraph graph, OnnxNode node)
    {
        PlannedWeight? weight = node.Inputs.Count > 1 && graph.IsInitializer(node.Inputs[1])
            ? new PlannedWeight(node.Inputs[1], 1, null, ReductionOrder.Single)
            : null;
        return new PlannedNode(node, [], [], weight, null, [], node.Outputs[0], QuantizesOutput: false);
    }
}
