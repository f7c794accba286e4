using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.Layers;

namespace QuantBuild.Sensitivity;

/// <summary>The part of a model that a layer has an influence on.</summary>
/// <param name="Nodes">Of the main graph: the layer and everything behind it.</param>
/// <param name="Inputs">Values that are the same whatever the layer does.</param>
/// <param name="Outputs">Outputs of the model in floats that the part gives.</param>
/// <param name="Share">Of the work of the whole model.</param>
internal sealed record LayerCut(WeightedLayer Layer, IReadOnlySet<OnnxNode> Nodes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, double Share)
{
    /// <summary>All nodes, when what is in between cannot be kept.</summary>
    public LayerCut Whole(OnnxGraph graph, IReadOnlyList<string> outputs)
    {
        IReadOnlySet<OnnxNode> all = graph.Nodes.ToHashSet();
        return this with { Nodes = all, Inputs = ModelCut.InputsOf(graph, all), Outputs = [.. outputs.Where(output => graph.ProducerOf(output) is not null)], Share = 1 };
    }

    /// <summary>Bytes of a sample's inputs that are not the model's own.</summary>
    public long BytesPerSample(OnnxGraph graph, TensorFacts facts, long batch) =>
        Inputs.Where(value => !graph.IsInput(value)).Sum(value => facts.Of(value)?.Bytes ?? 0) / batch;
}

/// <summary>Cuts a model behind its layers.</summary>
/// <param name="outputs">Of the model, in floats.</param>
internal sealed class LayerCutter(OnnxGraph graph, TensorFacts facts, IReadOnlyList<string> outputs)
{
    private readonly Dictionary<OnnxNode, OnnxNode> owners = OwnersIn(graph);

    public LayerCut Cut(WeightedLayer layer)
    {
        IReadOnlySet<OnnxNode> nodes = ModelCut.Behind(graph, layer.Nodes.Select(node => owners[node]).Distinct());
        var cut = new LayerCut(layer, nodes, ModelCut.InputsOf(graph, nodes), [.. outputs.Where(output => graph.ProducerOf(output) is { } node && nodes.Contains(node))], ShareOf(nodes));
        return cut.Inputs.All(value => facts.Of(value)?.ElementType.SizeBytes() > 0) ? cut : cut.Whole(graph, outputs);
    }

    /// <summary>True when all nodes of the layer are in the main graph.</summary>
    public bool IsOutside(WeightedLayer layer) => layer.Nodes.All(node => owners[node] == node);

    /// <summary>By work that is known, else by nodes.</summary>
    public double ShareOf(IReadOnlySet<OnnxNode> nodes)
    {
        long total = graph.Nodes.Sum(node => MultiplyAdds.Of(node, facts));
        return total > 0
            ? (double)graph.Nodes.Where(nodes.Contains).Sum(node => MultiplyAdds.Of(node, facts)) / total
            : (double)nodes.Count / graph.Nodes.Count;
    }

    private static Dictionary<OnnxNode, OnnxNode> OwnersIn(OnnxGraph graph)
    {
        var owners = new Dictionary<OnnxNode, OnnxNode>();
        foreach (OnnxNode owner in graph.Nodes)
        {
            owners.Add(owner, owner);
            foreach (OnnxNode node in owner.Subgraphs.SelectMany(body => body.WithBodies).SelectMany(body => body.Nodes))
                owners.Add(node, owner);
        }
        return owners;
    }
}
