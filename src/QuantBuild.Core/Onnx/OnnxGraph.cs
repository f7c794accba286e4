using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>A graph with an index of who produces and who consumes each value. Changed only through <see cref="GraphEditor"/>.</summary>
internal sealed class OnnxGraph
{
    private readonly List<OnnxNode> nodes;
    private readonly Dictionary<string, OnnxNode> producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> initializers = new(StringComparer.Ordinal);

    private readonly TensorFiles? files;

    // Some exporters store numbers one by one; they are converted once. By reference: a stored tensor is never changed, only its name.
    private readonly Dictionary<TensorProto, OnnxTensor?> tensors = new(ReferenceEqualityComparer.Instance);

    /// <param name="files">Where initializers may lie; null: in the message only.</param>
    internal OnnxGraph(GraphProto proto, TensorFiles? files = null)
    {
        Proto = proto;
        this.files = files;
        nodes = [.. proto.Node.Select(node => new OnnxNode(node))];
        foreach (OnnxNode node in nodes)
            Index(node);
        foreach (TensorProto initializer in proto.Initializer)
            initializers.TryAdd(initializer.Name, initializer);
    }

    /// <summary>In the order of the file, which is topological in a valid model.</summary>
    public IReadOnlyList<OnnxNode> Nodes => nodes;

    /// <summary>Names of the inputs that a caller must give: those without an initializer.</summary>
    public IEnumerable<string> InputNames => Proto.Input.Select(input => input.Name).Where(name => !initializers.ContainsKey(name));

    public IEnumerable<string> OutputNames => Proto.Output.Select(output => output.Name);

    /// <summary>In the order of the file.</summary>
    public IEnumerable<string> InitializerNames => Proto.Initializer.Select(initializer => initializer.Name);

    internal GraphProto Proto { get; }

    public OnnxNode? ProducerOf(string value) => producers.GetValueOrDefault(value);

    /// <summary>Nodes of this graph that read the value, each once, in no particular order of the file;
    /// a node whose body captures the value is one of them.</summary>
    public IReadOnlyList<OnnxNode> ConsumersOf(string value) => consumers.TryGetValue(value, out List<OnnxNode>? list) ? list : [];

    public bool IsOutput(string value) => Proto.Output.Any(output => output.Name == value);

    public bool IsInput(string value) => !initializers.ContainsKey(value) && Proto.Input.Any(input => input.Name == value);

    /// <summary>True for every input that the file lists, those with an initializer included.</summary>
    public bool IsDeclaredInput(string value) => Proto.Input.Any(input => input.Name == value);

    public bool IsInitializer(string value) => initializers.ContainsKey(value);

    /// <summary>The constant behind a name; null when it is not an initializer, or one without a plain layout (strings, 4-bit types).</summary>
    public OnnxTensor? InitializerOf(string? value)
    {
        if (value is null || !initializers.TryGetValue(value, out TensorProto? proto))
            return null;
        if (!tensors.TryGetValue(proto, out OnnxTensor? tensor))
            tensors.Add(proto, tensor = OnnxTensor.FromProto(proto, files));
        return tensor;
    }

    /// <summary>Element type of an initializer; null when the name is not one.</summary>
    public OnnxElementType? InitializerTypeOf(string value) =>
        initializers.TryGetValue(value, out TensorProto? tensor) ? (OnnxElementType)tensor.DataType : null;

    /// <summary>Element type and shape as the file declares them for an input, an output or an inner value; null when it does not.</summary>
    public TensorSignature? DeclaredTypeOf(string value) =>
        Proto.Input.Concat(Proto.Output).Concat(Proto.ValueInfo).FirstOrDefault(info => info.Name == value) is { Type: not null } info
            ? SignatureReader.Read(info)
            : null;

    /// <summary>Names that this graph reads from the graphs around it.</summary>
    public IEnumerable<string> CapturedNames()
    {
        var inside = new HashSet<string>(Proto.Input.Select(input => input.Name), StringComparer.Ordinal);
        inside.UnionWith(initializers.Keys);
        inside.UnionWith(producers.Keys);
        return nodes.SelectMany(ReadNames).Concat(OutputNames).Where(name => name.Length > 0 && !inside.Contains(name)).Distinct(StringComparer.Ordinal);
    }

    internal void Insert(int position, OnnxNode node)
    {
        nodes.Insert(position, node);
        Index(node);
    }

    internal void Remove(OnnxNode node)
    {
        nodes.Remove(node);
        foreach (string output in node.Outputs)
            if (producers.GetValueOrDefault(output) == node)
                producers.Remove(output);
        foreach (string input in ReadNames(node).Distinct(StringComparer.Ordinal))
            if (consumers.TryGetValue(input, out List<OnnxNode>? list) && list.Remove(node) && list.Count == 0)
                consumers.Remove(input);
    }

    /// <summary>Changes a node's wiring or body, keeping the index right.</summary>
    internal void Rewire(OnnxNode node, Action<NodeProto> change)
    {
        int position = nodes.IndexOf(node);
        Remove(node);
        change(node.Proto);
        Insert(position, node);
    }

    /// <summary>Builds the index anew, after bodies of nodes were changed by editors of their own.</summary>
    internal void Reindex()
    {
        producers.Clear();
        consumers.Clear();
        foreach (OnnxNode node in nodes)
            Index(node);
    }

    internal int PositionOf(OnnxNode node) => nodes.IndexOf(node);

    internal void Reorder(IReadOnlyList<OnnxNode> order)
    {
        nodes.Clear();
        nodes.AddRange(order);
    }

    /// <summary>Gives values and initializers of this graph other names, all at once. The names must not be read by bodies, nor be inputs or outputs.</summary>
    internal void RenameValues(IReadOnlyDictionary<string, string> names)
    {
        foreach (OnnxNode node in nodes)
        {
            Rename(node.Proto.Input);
            Rename(node.Proto.Output);
        }
        foreach (TensorProto initializer in Proto.Initializer)
            initializer.Name = names.GetValueOrDefault(initializer.Name, initializer.Name);
        initializers.Clear();
        foreach (TensorProto initializer in Proto.Initializer)
            initializers.Add(initializer.Name, initializer);
        Reindex();

        void Rename(IList<string> list)
        {
            for (int i = 0; i < list.Count; i++)
                if (names.TryGetValue(list[i], out string? name))
                    list[i] = name;
        }
    }

    internal void AddInitializer(string name, OnnxTensor tensor)
    {
        if (tensor.Region is { } region)
            (files ?? throw new InvalidOperationException("The tensors of a body lie in the message.")).Add(region.File.Location, region.File);
        TensorProto proto = tensor.ToProto(name);
        initializers.Add(name, proto);
        Proto.Initializer.Add(proto);
    }

    internal void RemoveInitializer(string name)
    {
        if (!initializers.Remove(name, out TensorProto? tensor))
            return;
        tensors.Remove(tensor);
        Proto.Initializer.Remove(tensor);
    }

    /// <summary>Puts the nodes back into the protobuf message. A graph that nobody changed is written as it was read.</summary>
    internal void Flush()
    {
        foreach (OnnxNode node in nodes)
            foreach (OnnxGraph body in node.Subgraphs)
                body.Flush();
        Proto.Node.Clear();
        Proto.Node.AddRange(nodes.Select(node => node.Proto));
    }

    private static IEnumerable<string> ReadNames(OnnxNode node) =>
        node.Subgraphs.Count == 0 ? node.Inputs : node.Inputs.Concat(node.Subgraphs.SelectMany(body => body.CapturedNames()));

    private void Index(OnnxNode node)
    {
        foreach (string output in node.Outputs)
            if (output.Length > 0)
                producers.TryAdd(output, node);
        foreach (string input in ReadNames(node))
        {
            if (input.Length == 0)
                continue;
            if (!consumers.TryGetValue(input, out List<OnnxNode>? list))
                consumers.Add(input, list = []);
            if (!list.Contains(node))
                list.Add(node);
        }
    }
}
