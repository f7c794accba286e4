using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>A model cut into parts that run one after the other, so that only the weights of one of them have to be in memory.</summary>
/// <remarks>
/// <code>
/// nodes in topological order      a b c | d e | f …      a cut before the node whose weights would be too many
/// inputs of a part                what it reads of parts before it, and inputs of the model
/// </code>
/// </remarks>
internal sealed class ModelParts
{
    /// <summary>The oldest version of the format in which initializers need not be inputs as well.</summary>
    private const int FreeInitializers = 4;

    private readonly OnnxModel model;
    private readonly Dictionary<string, TensorProto> initializers;

    private ModelParts(OnnxModel model, IEnumerable<OnnxNode> order, long mostBytes)
    {
        this.model = model;
        initializers = model.Graph.Proto.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var parts = new List<ModelPart>();
        var nodes = new List<OnnxNode>();
        var read = new HashSet<string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (OnnxNode node in order)
        {
            string[] weights = [.. ReadNames(node).Where(name => initializers.ContainsKey(name) && !read.Contains(name))];
            long own = weights.Sum(BytesOf);
            if (nodes.Count > 0 && own > 0 && bytes + own > mostBytes)
            {
                parts.Add(PartOf(nodes));
                nodes.Clear();
                read.Clear();
                (bytes, weights) = (0, [.. ReadNames(node).Where(initializers.ContainsKey)]);
                own = weights.Sum(BytesOf);
            }
            nodes.Add(node);
            read.UnionWith(weights);
            bytes += own;
        }
        parts.Add(PartOf(nodes));
        Parts = parts;
    }

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<ModelPart> Parts { get; }

    /// <param name="mostBytes">Of the weights of a part; a node that has more is a part of its own, with what follows it and has none.</param>
    /// <returns>Null when the nodes have no order.</returns>
    public static ModelParts? Of(OnnxModel model, long mostBytes)
    {
        model.Graph.Flush();
        return TopologicalOrder.Of(model.Graph) is { Count: > 0 } order ? new ModelParts(model, order, mostBytes) : null;
    }

    /// <inheritdoc cref="Of(OnnxModel, long)"/>
    public static ModelParts? Of(ModelImage image, long mostBytes) => Of(new OnnxModel(image.Parse(), image.Files), mostBytes);

    /// <summary>A part as a model.</summary>
    /// <param name="typeOf">Of every input of the part.</param>
    /// <param name="outputs">Of the values that its nodes give, or inputs of the whole model.</param>
    public OnnxModel ToModel(ModelPart part, Func<string, OnnxElementType> typeOf, IEnumerable<string> outputs)
    {
        var graph = new GraphProto { Name = model.Graph.Proto.Name };
        graph.Node.AddRange(part.Nodes.Select(node => node.Proto.Clone()));
        graph.Initializer.AddRange(part.Nodes.SelectMany(ReadNames).Distinct(StringComparer.Ordinal)
            .Where(initializers.ContainsKey).Select(name => initializers[name].Clone()));
        graph.Input.AddRange(part.Inputs.Select(name => DeclaredInput(name) ?? new ValueInfoProto
        {
            Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)typeOf(name) } },
        }));
        graph.Output.AddRange(outputs.Select(name => new ValueInfoProto { Name = name }));
        var proto = new ModelProto { IrVersion = Math.Max(model.Proto.IrVersion, FreeInitializers), Graph = graph };
        proto.OpsetImport.AddRange(model.Proto.OpsetImport.Select(import => import.Clone()));
        proto.Functions.AddRange(model.Proto.Functions.Select(function => function.Clone()));
        return new OnnxModel(proto, model.Files.Copy());
    }

    private ModelPart PartOf(List<OnnxNode> nodes)
    {
        var given = nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        string[] inputs = [.. nodes.SelectMany(ReadNames).Distinct(StringComparer.Ordinal)
            .Where(name => !given.Contains(name) && !initializers.ContainsKey(name))];
        return new ModelPart([.. nodes], inputs, given);
    }

    private ValueInfoProto? DeclaredInput(string name) => model.Graph.Proto.Input.FirstOrDefault(input => input.Name == name)?.Clone();

    private long BytesOf(string name)
    {
        TensorProto tensor = initializers[name];
        return model.Files.Find(tensor)?.Length ?? tensor.CalculateSize();
    }

    private static IEnumerable<string> ReadNames(OnnxNode node) =>
        node.Inputs.Concat(node.Subgraphs.SelectMany(body => body.CapturedNames())).Where(name => name.Length > 0);
}

/// <param name="Nodes">Each behind the producers of what it reads.</param>
/// <param name="Inputs">What they read of parts before, and inputs of the model.</param>
/// <param name="Gives">All that they give.</param>
internal sealed record ModelPart(IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<string> Inputs, IReadOnlySet<string> Gives);
