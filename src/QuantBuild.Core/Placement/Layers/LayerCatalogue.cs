using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.Costs;
using QuantBuild.Settings;

namespace QuantBuild.Placement.Layers;

/// <returns>Null when float16 can hold the values; otherwise why not.</returns>
/// <param name="summed">True for the weights of a sum of products.</param>
internal delegate string? HalfRule(ReadOnlySpan<float> values, bool summed);

/// <summary>Every layer of a model, bodies included, and the forms that it can take.</summary>
/// <param name="Layers">In the order of the graphs.</param>
/// <param name="OtherCost">Estimated time of all other nodes of the main graph as the plan has them, in nanoseconds.</param>
/// <param name="FloatCost">Estimated time of the float model, in nanoseconds.</param>
internal sealed record LayerCatalogue(IReadOnlyList<WeightedLayer> Layers, double OtherCost, double FloatCost)
{
    /// <summary>Of <see cref="LayerKernel.Integer"/> and <see cref="LayerKernel.Float"/>, with the 8 bits of dynamic kernels between them.</summary>
    private static readonly LayerForm[] Considered =
    [
        .. new[] { 8, 6, 5, 4, 3, 2 }.Select(bits => new LayerForm(LayerKernel.Integer, bits)),
        new(LayerKernel.Dynamic, 8),
        .. new[] { 2, 3, 4, 5, 6, 8, 16, 32 }.Select(bits => new LayerForm(LayerKernel.Float, bits)),
    ];

    /// <param name="graph">Of the prepared model.</param>
    /// <param name="plan">Everything that can run in integers; weights of few bits are not looked at.</param>
    /// <param name="whyNotHalf">Says what float16 cannot hold.</param>
    public static LayerCatalogue Of(OnnxGraph graph, TensorFacts facts, PlacementPlan plan, QuantizationSettings settings, HalfRule whyNotHalf)
    {
        NodeExclusion exclusion = NodeExclusion.From(settings, graph, new DiagnosticOrigin(settings.DisplayPath), new DiagnosticBag());
        var costs = new LayerCosts(plan, facts, CostTable.Of(settings));
        var forms = new LayerForms(graph, facts, plan, settings, exclusion, costs, whyNotHalf);
        WeightedLayer[] layers = [.. Components(graph, plan).Select(part => Layer(part, forms))];
        var nodes = layers.SelectMany(layer => layer.Nodes).ToHashSet();
        return new LayerCatalogue(layers, costs.Others(graph, nodes), costs.AllFloat(graph));
    }

    private static WeightedLayer Layer((LayerWeight[] Weights, ValueReader[] Readers) part, LayerForms forms)
    {
        OnnxNode[] nodes = [.. part.Readers.Select(reader => reader.Node).Distinct()];
        var layer = new WeightedLayer(nodes[0].DisplayName, part.Weights, nodes, [], []);
        layer = layer with { Integers = forms.IntegersOf(layer, part.Readers), Dynamics = forms.DynamicsOf(layer, part.Readers) };
        var possible = new List<LayerFormPlan>();
        var refused = new List<RefusedForm>();
        foreach (LayerForm form in Considered)
            if (forms.Judge(layer, part.Readers, form, out LayerFormPlan? plan) is { } reason)
                refused.Add(new RefusedForm(form, reason));
            else
                possible.Add(plan!);
        return layer with { Forms = possible, Refused = refused };
    }

    /// <summary>Weights that a node reads together, or that nodes of one name read, are of one layer.</summary>
    private static IEnumerable<(LayerWeight[] Weights, ValueReader[] Readers)> Components(OnnxGraph main, PlacementPlan plan)
    {
        var order = new Dictionary<OnnxNode, int>();
        foreach (OnnxNode node in main.WithBodies.SelectMany(graph => graph.Nodes))
            order.Add(node, order.Count);
        var planned = plan.Nodes.Where(node => node.Weight is not null).Select(node => (node.Node, node.Weight!.InputIndex))
            .Concat(plan.Nodes.SelectMany(node => node.Constants.Select(constant => (node.Node, constant.InputIndex)))).ToHashSet();
        (LayerWeight Weight, ValueReader[] Readers)[] weights =
        [
            .. from graph in main.WithBodies
               from name in graph.InitializerNames
               where graph.InitializerTypeOf(name) == OnnxElementType.Float && !graph.IsOutput(name)
               let readers = graph.ReadersOf(name).OrderBy(reader => order[reader.Node]).ThenBy(reader => reader.Input).ToArray()
               let tensor = graph.InitializerOf(name)
               where tensor is not null && Array.Exists(readers, reader => IsWeight(reader, tensor, planned))
               select (new LayerWeight(new ConstantKey(graph, name), AxesOf(readers, tensor)), readers),
        ];
        int[] part = [.. Enumerable.Range(0, weights.Length)];
        var firstOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < weights.Length; i++)
            foreach (ValueReader reader in weights[i].Readers)
                if (!firstOf.TryAdd(reader.Node.DisplayName, i))
                    part[Root(i)] = Root(firstOf[reader.Node.DisplayName]);
        return Enumerable.Range(0, weights.Length).GroupBy(Root)
            .Select(group => (
                Weights: group.Select(i => weights[i].Weight).ToArray(),
                Readers: group.SelectMany(i => weights[i].Readers).OrderBy(reader => order[reader.Node]).ThenBy(reader => reader.Input).ToArray()))
            .OrderBy(layer => order[layer.Readers[0].Node]);

        int Root(int i) => part[i] == i ? i : part[i] = Root(part[i]);
    }

    /// <summary>Something multiplies by it; a few numbers for elementwise nodes are none.</summary>
    private static bool IsWeight(ValueReader reader, OnnxTensor tensor, HashSet<(OnnxNode Node, int Input)> planned) =>
        ChannelAxes.Of(reader, tensor.Shape) is not null || (planned.Contains((reader.Node, reader.Input)) && reader.Node.OpType is "Conv" or "MatMul" or "Gemm");

    private static ChannelAxes? AxesOf(ValueReader[] readers, OnnxTensor tensor)
    {
        ChannelAxes?[] axes = [.. readers.Select(reader => ChannelAxes.Of(reader, tensor.Shape)).Distinct()];
        return axes is [{ } only] ? only : null;
    }
}
