using System.Globalization;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.Costs;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Placement.Layers;

/// <summary>Estimates how long layers take in each form, by the table that decides about plans.</summary>
/// <remarks>Between two nodes that may both run in integers values are converted when only one of them does: each is charged with half of that. Where a
/// neighbour stays float whatever is chosen, a node in integers pays for the whole conversion.</remarks>
internal sealed class LayerCosts
{
    private readonly CostTable table;
    private readonly TensorFacts facts;
    private readonly Dictionary<OnnxNode, PlannedNode> planned;
    private readonly Dictionary<OnnxNode, DynamicNode> dynamic;
    private readonly HashSet<OnnxNode> absorbed;
    private readonly HashSet<string> integerOutputs;
    private readonly Dictionary<OnnxGraph, CostModel> models = [];

    /// <param name="plan">Everything that can run in integers.</param>
    public LayerCosts(PlacementPlan plan, TensorFacts facts, CostTable table)
    {
        this.table = table;
        this.facts = facts;
        planned = plan.Nodes.ToDictionary(node => node.Node);
        dynamic = plan.DynamicNodes.ToDictionary(node => node.Node);
        absorbed = [.. plan.Nodes.SelectMany(node => node.Absorbed)];
        integerOutputs = plan.Nodes.Where(node => node.QuantizesOutput).SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
    }

    public double Float(OnnxNode node, OnnxGraph graph) => IsKnown(node) ? Kernel(node, graph).Float : 0;

    public double Integer(PlannedNode node, OnnxGraph graph)
    {
        if (!IsKnown(node.Node))
            return 0;
        CostModel model = ModelOf(graph);
        double conversions = node.ActivationInputs.Select(input => node.Node.Inputs[input]).Distinct(StringComparer.Ordinal)
            .Sum(value => model.Conversion(value) * (integerOutputs.Contains(value) ? 0.5 : 1));
        if (node.QuantizesOutput)
            conversions += node.Outputs.Sum(output => model.Dequantization(output) * FloatReaders(output, graph));
        return model.Of(node).Integer + conversions;
    }

    public double Dynamic(DynamicNode node)
    {
        if (!IsKnown(node.Node))
            return 0;
        CostModel model = ModelOf(node.Graph);
        return Kernel(node.Node, node.Graph).Integer + model.Dequantization(node.Node.Inputs[0]) + model.Dequantization(node.Node.Outputs[0]);
    }

    /// <summary>Of a product by packed codes.</summary>
    /// <param name="bits">2, 4 or 8.</param>
    /// <param name="block">Columns of the matrix that share a scale.</param>
    public double Packed(OnnxNode node, OnnxGraph graph, WeightMatrix matrix, int bits, int block)
    {
        if (!IsKnown(node) || table.Find(string.Create(CultureInfo.InvariantCulture, $"PackedProduct/Int{bits}/Level4")) is not { } cost)
            return Float(node, graph);
        double rows = facts.Of(node.Outputs[0])!.Length / (double)Math.Max(1, matrix.Channels);
        double blocks = Math.Ceiling((double)matrix.Columns / block) * matrix.Channels;
        return cost.Integer.Of(new KernelWork(
            rows * matrix.Length, rows * matrix.Columns, rows * matrix.Channels, blocks, rows * blocks, matrix.Length));
    }

    /// <summary>Of all nodes that are none of these, as the plan has them.</summary>
    /// <param name="layers">Nodes of layers.</param>
    public double Others(OnnxGraph graph, IReadOnlySet<OnnxNode> layers) => Counted(graph).Where(node => !layers.Contains(node))
        .Sum(node => planned.ContainsKey(node) ? Kernel(node, graph).Integer : dynamic.TryGetValue(node, out DynamicNode? found) ? Dynamic(found) : Float(node, graph));

    /// <summary>Of the whole graph in float.</summary>
    public double AllFloat(OnnxGraph graph) => Counted(graph).Sum(node => Float(node, graph));

    private IEnumerable<OnnxNode> Counted(OnnxGraph graph) => graph.Nodes.Where(node => !absorbed.Contains(node) && node.Inputs.Count > 0);

    private NodeCost Kernel(OnnxNode node, OnnxGraph graph) =>
        planned.TryGetValue(node, out PlannedNode? form) ? ModelOf(graph).Of(form) : ModelOf(graph).Of(AsProduct(graph, node), MultiplyAdds.Of(node, facts));

    private static PlannedNode AsProduct(OnnxGraph graph, OnnxNode node)
    {
        PlannedWeight? weight = node.Inputs.Count > 1 && graph.IsConstant(node.Inputs[1])
            ? new PlannedWeight(node.Inputs[1], 1, null, ReductionOrder.Single)
            : null;
        return new PlannedNode(node, [], [], weight, null, [], node.Outputs[0], QuantizesOutput: false);
    }

    /// <summary>Those that may run in integers count half.</summary>
    private double FloatReaders(string value, OnnxGraph graph) =>
        graph.ConsumersOf(value).Where(reader => !absorbed.Contains(reader)).Sum(reader => planned.ContainsKey(reader) ? 0.5 : 1) + (graph.IsOutput(value) ? 1 : 0);

    private bool IsKnown(OnnxNode node) => node.Inputs.Count > 0 && facts.Of(node.Outputs.FirstOrDefault(output => output.Length > 0)) is not null;

    private CostModel ModelOf(OnnxGraph graph)
    {
        if (!models.TryGetValue(graph, out CostModel? model))
            models.Add(graph, model = new CostModel(table, graph, facts));
        return model;
    }
}
