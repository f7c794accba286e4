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

    /// <param name="files">Where initializers may lie; null: in the message only, as those of bodies do.</param>
    internal OnnxGraph(GraphProto proto, TensorFiles? files = null, OnnxGraph? outer = null)
    {
        Proto = proto;
        Outer = outer;
        this.files = files;
        nodes = [.. proto.Node.Select(node => new OnnxNode(node, this))];
        foreach (OnnxNode node in nodes)
            Index(node);
        foreach (TensorProto initializer in proto.Initializer)
            initializers.TryAdd(initializer.Name, initializer);
    }

    /// <summary>The graph around this body of If, Loop or Scan, whose values it may read; null for the main graph.</summary>
    public OnnxGraph? Outer { get; }

    /// <summary>This graph and, each behind the graph around it, all bodies in it.</summary>
    public IEnumerable<OnnxGraph> WithBodies =>
        nodes.SelectMany(node => node.Subgraphs).SelectMany(body => body.WithBodies).Prepend(this);

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

    /// <summary>True when the value comes from this graph itself, not from one around it.</summary>
    public bool IsOwn(string value) => producers.ContainsKey(value) || initializers.ContainsKey(value) || IsDeclaredInput(value);

    /// <summary>True for an initializer of this graph or of one around it.</summary>
    public bool IsConstant(string value) => InitializerTypeOf(value) is not null;

    /// <summary>True for an initializer of this graph whose data is not part of the message.</summary>
    public bool IsInFile(string value) => initializers.TryGetValue(value, out TensorProto? tensor) && TensorFiles.IsExternal(tensor);

    /// <summary>The constant behind a name, which a graph around this one may hold; null when it is not an initializer, or one without a plain
    /// layout (strings, 4-bit types).</summary>
    public OnnxTensor? InitializerOf(string? value)
    {
        if (value is null)
            return null;
        if (!initializers.TryGetValue(value, out TensorProto? proto))
            return Outer is null || IsOwn(value) ? null : Outer.InitializerOf(value);
        if (!tensors.TryGetValue(proto, out OnnxTensor? tensor))
            tensors.Add(proto, tensor = OnnxTensor.FromProto(proto, files));
        return tensor;
    }

    /// <summary>This graph or the one around it that a name comes from; null when none has it.</summary>
    public OnnxGraph? OwnerOf(string value) => IsOwn(value) ? this : Outer?.OwnerOf(value);

    /// <summary>Every place that reads a value of this graph: nodes of the graph and of the bodies in it.</summary>
    public IEnumerable<ValueReader> ReadersOf(string value)
    {
        foreach (OnnxNode node in ConsumersOf(value))
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                if (node.Inputs[i] == value)
                    yield return new ValueReader(this, node, i);
            foreach (OnnxGraph body in node.Subgraphs.Where(body => !body.IsOwn(value)))
                foreach (ValueReader reader in body.ReadersOf(value))
                    yield return reader;
        }
    }

    /// <summary>The constant of this name in this graph or in a body in it; names must be unique.</summary>
    public OnnxTensor? ConstantAnywhere(string name) =>
        WithBodies.FirstOrDefault(graph => graph.IsInitializer(name))?.InitializerOf(name);

    /// <summary>Element type of an initializer of this graph or of one around it; null when the name is not one.</summary>
    public OnnxElementType? InitializerTypeOf(string value) =>
        initializers.TryGetValue(value, out TensorProto? tensor) ? (OnnxElementType)tensor.DataType
        : Outer is null || IsOwn(value) ? null
        : Outer.InitializerTypeOf(value);

    /// <summary>Element type and shape as the file declares them for an input, an output or an inner value, of this graph or of one around it;
    /// null when it does not.</summary>
    public TensorSignature? DeclaredTypeOf(string value) =>
        Proto.Input.Concat(Proto.Output).Concat(Proto.ValueInfo).FirstOrDefault(info => info.Name == value) is { Type: not null } info
            ? SignatureReader.Read(info)
            : Outer is null || IsOwn(value) ? null : Outer.DeclaredTypeOf(value);

    /// <summary>Names of all values that come from this graph itself, each once, in the order of the file.</summary>
    public IEnumerable<string> OwnNames => Proto.Input.Select(input => input.Name).Concat(InitializerNames)
        .Concat(nodes.SelectMany(node => node.Outputs)).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);

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

    /// <summary>Gives values of this graph other names, all at once, in bodies that read them as well.</summary>
    internal void RenameValues(IReadOnlyDictionary<string, string> names) =>
        Rename(names, body => names.Where(name => !body.IsOwn(name.Key)).ToDictionary(StringComparer.Ordinal));

    /// <summary>Gives values of this graph and of the bodies in it other names, all at once. Names must be unique.</summary>
    internal void RenameEverywhere(IReadOnlyDictionary<string, string> names) => Rename(names, body => null);

    /// <param name="namesIn">What to rename in a body that reads the values of this graph; null: whatever has one of the names.</param>
    private void Rename(IReadOnlyDictionary<string, string> names, Func<OnnxGraph, IReadOnlyDictionary<string, string>?> namesIn)
    {
        if (names.Count == 0)
            return;
        foreach (OnnxNode node in nodes)
        {
            Rename(node.Proto.Input);
            Rename(node.Proto.Output);
            foreach (OnnxGraph body in node.Subgraphs)
                if (namesIn(body) is { } captured)
                    body.RenameValues(captured);
                else
                    body.RenameEverywhere(names);
        }
        foreach (TensorProto initializer in Proto.Initializer)
            initializer.Name = names.GetValueOrDefault(initializer.Name, initializer.Name);
        foreach (ValueInfoProto value in Proto.Input.Concat(Proto.Output).Concat(Proto.ValueInfo))
            value.Name = names.GetValueOrDefault(value.Name, value.Name);
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

    /// <summary>An input of this name becomes an initializer.</summary>
    internal void FixInput(NamedTensor value)
    {
        Proto.Input.Remove(Proto.Input.First(input => input.Name == value.Name));
        AddInitializer(value.Name, value.Tensor);
    }

    internal void AddInitializer(string name, OnnxTensor tensor)
    {
        if (tensor.Region is { } region)
            (files ?? throw new InvalidOperationException("The tensors of a body lie in the message.")).Add(region.File.Location, region.File);
        AddInitializer(tensor.ToProto(name));
    }

    /// <param name="tensor">With its data in the message, or of this model's files.</param>
    internal void AddInitializer(TensorProto tensor)
    {
        initializers.Add(tensor.Name, tensor);
        Proto.Initializer.Add(tensor);
    }

    /// <returns>What was removed; null when there is no such initializer here.</returns>
    internal TensorProto? RemoveInitializer(string name)
    {
        if (!initializers.Remove(name, out TensorProto? tensor))
            return null;
        tensors.Remove(tensor);
        Proto.Initializer.Remove(tensor);
        return tensor;
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

    /// <summary>Names that a node reads, its bodies included; empty ones for inputs that are left out.</summary>
    internal static IEnumerable<string> ReadNames(OnnxNode node) =>
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
