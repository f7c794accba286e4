using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Some nodes of a model's main graph as a model of their own: what they read from the others becomes inputs.</summary>
/// <param name="Model">Its nodes stand for <paramref name="Nodes"/>, one for one.</param>
/// <param name="Nodes">Of the whole model, in its order.</param>
/// <param name="Inputs">Values that must be given.</param>
internal sealed record ModelCut(OnnxModel Model, IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>Nodes of a graph that depend on some, these included.</summary>
    public static IReadOnlySet<OnnxNode> Behind(OnnxGraph graph, IEnumerable<OnnxNode> nodes)
    {
        var behind = nodes.ToHashSet();
        var values = behind.SelectMany(node => node.Outputs).Where(output => output.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
            if (behind.Contains(node) || OnnxGraph.ReadNames(node).Any(values.Contains))
            {
                behind.Add(node);
                values.UnionWith(node.Outputs.Where(output => output.Length > 0));
            }
        return behind;
    }

    /// <summary>What nodes of a graph read that none of them gives, constants left out; in their order.</summary>
    public static IReadOnlyList<string> InputsOf(OnnxGraph graph, IReadOnlySet<OnnxNode> nodes)
    {
        var given = nodes.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. graph.Nodes.Where(nodes.Contains).SelectMany(OnnxGraph.ReadNames)
                .Where(name => name.Length > 0 && !given.Contains(name) && !graph.IsInitializer(name)).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <param name="nodes">Of the main graph of the model.</param>
    /// <param name="outputs">Values that the nodes give.</param>
    /// <param name="typeOf">Of what becomes an input.</param>
    public static ModelCut Of(OnnxModel model, IReadOnlySet<OnnxNode> nodes, IReadOnlyList<string> outputs, Func<string, OnnxElementType> typeOf)
    {
        OnnxGraph graph = model.Graph;
        graph.Flush();
        OnnxNode[] kept = [.. graph.Nodes.Where(nodes.Contains)];
        IReadOnlyList<string> inputs = InputsOf(graph, nodes);
        var read = kept.SelectMany(OnnxGraph.ReadNames).ToHashSet(StringComparer.Ordinal);
        var part = new GraphProto { Name = "part" };
        part.Node.AddRange(kept.Select(node => node.Proto.Clone()));
        part.Initializer.AddRange(graph.Proto.Initializer.Where(constant => read.Contains(constant.Name)).Select(constant => constant.Clone()));
        part.Input.AddRange(inputs.Select(name => new ValueInfoProto
        {
            Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)typeOf(name) } },
        }));
        part.Output.AddRange(outputs.Select(name => new ValueInfoProto { Name = name }));
        var proto = new ModelProto { IrVersion = model.Proto.IrVersion, Graph = part };
        proto.OpsetImport.AddRange(model.Proto.OpsetImport.Select(import => import.Clone()));
        proto.Functions.AddRange(model.Proto.Functions.Select(function => function.Clone()));
        return new ModelCut(new OnnxModel(proto, model.Files.Copy()), kept, inputs, outputs);
    }

    /// <summary>A copy of the part that may be changed.</summary>
    public CutCopy Copy()
    {
        OnnxModel copy = Model.Clone();
        var nodes = new Dictionary<OnnxNode, OnnxNode>();
        var graphs = new Dictionary<OnnxGraph, OnnxGraph>();
        Pair(Nodes, copy.Graph.Nodes);
        return new CutCopy(copy, nodes, graphs);

        void Pair(IReadOnlyList<OnnxNode> originals, IReadOnlyList<OnnxNode> copies)
        {
            foreach ((OnnxNode original, OnnxNode clone) in originals.Zip(copies))
            {
                nodes.Add(original, clone);
                foreach ((OnnxGraph body, OnnxGraph bodyCopy) in original.Subgraphs.Zip(clone.Subgraphs))
                {
                    graphs.Add(body, bodyCopy);
                    Pair(body.Nodes, bodyCopy.Nodes);
                }
            }
        }
    }
}

/// <param name="Nodes">By node of the whole model, bodies included.</param>
/// <param name="Bodies">By body of the whole model.</param>
internal sealed record CutCopy(OnnxModel Model, IReadOnlyDictionary<OnnxNode, OnnxNode> Nodes, IReadOnlyDictionary<OnnxGraph, OnnxGraph> Bodies)
{
    /// <param name="graph">Of the whole model: its main graph or a body.</param>
    public OnnxGraph Of(OnnxGraph graph) => Bodies.GetValueOrDefault(graph) ?? Model.Graph;
}
