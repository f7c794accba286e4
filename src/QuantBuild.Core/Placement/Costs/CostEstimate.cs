using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Placement.Costs;

/// <summary>What the time of a whole model becomes when it runs as it is planned, by the same table that decides about the plan.</summary>
internal static class CostEstimate
{
    private const int Decimals = 4;

    /// <param name="graph">Of the float model, to which the plan belongs.</param>
    /// <returns>Time in the planned forms over time in float; 1 when the shapes tell nothing of the work.</returns>
    public static double Relative(OnnxGraph graph, PlacementPlan plan, TensorFacts facts)
    {
        var model = new CostModel(CostTable.X64Vnni, graph, facts);
        var planned = plan.Nodes.ToDictionary(node => node.Node);
        var dynamic = plan.DynamicNodes.Select(node => node.Node).ToHashSet();
        var absorbed = plan.Nodes.SelectMany(node => node.Absorbed).ToHashSet();
        double inFloat = 0;
        double asPlanned = 0;
        foreach (OnnxNode node in graph.Nodes.Where(node => !absorbed.Contains(node) && node.Inputs.Count > 0 && facts.Of(node.Outputs[0]) is not null))
        {
            NodeCost cost = planned.TryGetValue(node, out PlannedNode? form) ? model.Of(form) : model.Of(AsProduct(graph, node), MultiplyAdds.Of(node, facts));
            inFloat += cost.Float;
            asPlanned += form is not null ? cost.Integer : dynamic.Contains(node) ? cost.Integer + Dynamic(node) : cost.Float;
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

        double Dynamic(OnnxNode node) => model.Dequantization(node.Inputs[0]) + model.Dequantization(node.Outputs[0]);
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
