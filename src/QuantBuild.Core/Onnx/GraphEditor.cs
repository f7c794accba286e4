using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>All changes of a graph go through here: it keeps the index right and refuses what would leave a value without a producer.</summary>
/// <param name="graph">What is changed: a model's main graph, or a body in it.</param>
/// <param name="scope">New names differ from every name in here; the main graph when a body is changed.</param>
internal sealed class GraphEditor(OnnxGraph graph, OnnxGraph? scope = null)
{
    private readonly HashSet<string> names = CollectNames(scope ?? graph);

    public OnnxGraph Graph => graph;

    /// <summary>True when anything was changed through this editor.</summary>
    public bool Changed { get; private set; }

    /// <summary>A name that no value of the graph or of its bodies has.</summary>
    public string UniqueName(string hint)
    {
        string name = hint;
        for (int i = 1; !names.Add(name); i++)
            name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{hint}_{i}");
        return name;
    }

    /// <param name="before">The new node is put directly before this one; at the end when null.</param>
    public OnnxNode AddNode(
        string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, OnnxNode? before = null, string domain = "", string name = "")
    {
        var proto = new NodeProto { OpType = opType };
        if (name.Length > 0)
            proto.Name = name;
        if (domain.Length > 0)
            proto.Domain = domain;
        proto.Input.AddRange(inputs);
        proto.Output.AddRange(outputs);
        var node = new OnnxNode(proto, graph);
        names.UnionWith(proto.Output);
        graph.Insert(before is null ? graph.Nodes.Count : graph.PositionOf(before), node);
        Changed = true;
        return node;
    }

    /// <summary>Removes a node whose outputs nobody reads.</summary>
    public void RemoveNode(OnnxNode node)
    {
        foreach (string output in node.Outputs)
            if (output.Length > 0 && (graph.IsOutput(output) || graph.ConsumersOf(output).Count > 0))
                throw new InvalidOperationException($"{node} cannot be removed: its output '{output}' is still read.");
        graph.Remove(node);
        Changed = true;
    }

    public void SetInput(OnnxNode node, int index, string value)
    {
        graph.Rewire(node, proto =>
        {
            while (proto.Input.Count <= index)
                proto.Input.Add("");
            proto.Input[index] = value;
        });
        Changed = true;
    }

    /// <summary>One node reads <paramref name="replacement"/> wherever it read <paramref name="value"/>, in its bodies as well.</summary>
    public void ReplaceInput(OnnxNode node, string value, string replacement)
    {
        graph.Rewire(node, _ => Rename(node, value, replacement));
        Changed = true;
    }

    public void SetInputs(OnnxNode node, params IEnumerable<string> inputs)
    {
        string[] list = [.. inputs];
        graph.Rewire(node, proto =>
        {
            proto.Input.Clear();
            proto.Input.AddRange(list);
        });
        Changed = true;
    }

    public void SetOutput(OnnxNode node, int index, string value)
    {
        names.Add(value);
        graph.Rewire(node, proto => proto.Output[index] = value);
        Changed = true;
    }

    /// <summary>Leaves out all outputs but the first ones; nobody may read the others.</summary>
    public void KeepOutputs(OnnxNode node, int count)
    {
        graph.Rewire(node, proto =>
        {
            while (proto.Output.Count > count)
                proto.Output.RemoveAt(proto.Output.Count - 1);
        });
        Changed = true;
    }

    public void SetOperator(OnnxNode node, string opType, string domain = "")
    {
        node.Proto.OpType = opType;
        if (domain.Length > 0)
            node.Proto.Domain = domain;
        else
            node.Proto.ClearDomain();
        Changed = true;
    }

    /// <summary>Every node that reads <paramref name="value"/>, bodies included, reads <paramref name="replacement"/> instead. Graph outputs are not touched.</summary>
    public void ReplaceUses(string value, string replacement)
    {
        foreach (OnnxNode consumer in graph.ConsumersOf(value).ToArray())
            graph.Rewire(consumer, _ => Rename(consumer, value, replacement));
        Changed = true;
    }

    /// <summary>Gives values of a body in this graph other names.</summary>
    public void RenameInBody(OnnxGraph body, IReadOnlyDictionary<string, string> names)
    {
        body.RenameValues(names);
        Changed |= names.Count > 0;
    }

    /// <summary>An initializer that only one body reads becomes one of that body.</summary>
    public void MoveIntoBody(string initializer, OnnxGraph body)
    {
        body.AddInitializer(graph.RemoveInitializer(initializer)!);
        graph.Reindex();
        Changed = true;
    }

    /// <summary>Takes a node out that hands its first input on as its first output unchanged. False when both ends are fixed by the graph's interface.</summary>
    public bool Bypass(OnnxNode node)
    {
        string input = node.Inputs[0];
        string output = node.Outputs[0];
        if (node.Outputs.Skip(1).Any(other => other.Length > 0 && (graph.IsOutput(other) || graph.ConsumersOf(other).Count > 0)))
            return false;

        if (!graph.IsOutput(output))
        {
            ReplaceUses(output, input);
            RemoveNode(node);
            return true;
        }

        if (graph.ProducerOf(input) is not { } producer || graph.IsOutput(input))
            return false;
        graph.Remove(node);
        graph.Rewire(producer, proto =>
        {
            for (int i = 0; i < proto.Output.Count; i++)
                if (proto.Output[i] == input)
                    proto.Output[i] = output;
        });
        ReplaceUses(input, output);
        return true;
    }

    /// <summary>Removes the only reader of a node's first output and lets the node give the reader's output itself.</summary>
    public void TakeOver(OnnxNode node, OnnxNode reader)
    {
        if (graph.IsOutput(node.Outputs[0]) || graph.ConsumersOf(node.Outputs[0]) is not [var only] || only != reader)
            throw new InvalidOperationException($"{reader} is not the only reader of {node}.");
        string output = reader.Outputs[0];
        graph.Remove(reader);
        graph.Rewire(node, proto => proto.Output[0] = output);
        Changed = true;
    }

    /// <returns>The name under which the tensor is stored.</returns>
    public string AddInitializer(string nameHint, OnnxTensor tensor)
    {
        string name = UniqueName(nameHint);
        graph.AddInitializer(name, tensor);
        Changed = true;
        return name;
    }

    /// <summary>An If becomes what is in one of its branches; Identity nodes give the values of the branch the names of the outputs.</summary>
    /// <param name="branch">Of the node; none of its names may be in use outside.</param>
    public void ReplaceByBranch(OnnxNode node, OnnxGraph branch)
    {
        branch.Flush();
        foreach (TensorProto initializer in branch.Proto.Initializer)
            graph.AddInitializer(initializer);
        IEnumerable<NodeProto> outputs = branch.OutputNames.Zip(node.Outputs).Where(pair => pair.Second.Length > 0)
            .Select(pair => new NodeProto { OpType = "Identity", Input = { pair.First }, Output = { pair.Second } });
        Replace(node, [.. branch.Proto.Node, .. outputs]);
    }

    /// <summary>A call of a function of the model becomes what is in the function.</summary>
    public void ReplaceByBody(OnnxNode call, OnnxFunction function) => Replace(call, function.Instantiate(call, UniqueName));

    private void Replace(OnnxNode node, IEnumerable<NodeProto> replacement)
    {
        int position = graph.PositionOf(node);
        graph.Remove(node);
        foreach (NodeProto proto in replacement)
            graph.Insert(position++, new OnnxNode(proto, graph));
        Changed = true;
    }

    /// <summary>The node's only output becomes a constant of the same name.</summary>
    public void ReplaceByInitializer(OnnxNode node, OnnxTensor tensor)
    {
        graph.Remove(node);
        graph.AddInitializer(node.Outputs[0], tensor);
        Changed = true;
    }

    /// <summary>An input that has an initializer is no longer an input. False when the name is none.</summary>
    public bool RemoveDefaultInput(string name)
    {
        if (!graph.IsInitializer(name) || graph.Proto.Input.FirstOrDefault(input => input.Name == name) is not { } input)
            return false;
        graph.Proto.Input.Remove(input);
        return Changed = true;
    }

    /// <summary>The same name stands for another tensor.</summary>
    public void ReplaceInitializer(string name, OnnxTensor tensor)
    {
        graph.RemoveInitializer(name);
        graph.AddInitializer(name, tensor);
        Changed = true;
    }

    public void RemoveInitializer(string name)
    {
        if (graph.ConsumersOf(name).Count > 0 || graph.IsOutput(name))
            throw new InvalidOperationException($"The initializer '{name}' is still read.");
        graph.RemoveInitializer(name);
        Changed = true;
    }

    /// <summary>An additional input of the graph, of any shape.</summary>
    public string AddInput(string nameHint, OnnxElementType type)
    {
        string name = UniqueName(nameHint);
        graph.Proto.Input.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } });
        Changed = true;
        return name;
    }

    /// <summary>An additional output of the graph, without a declared type: runtimes infer it.</summary>
    public void AddOutput(string value)
    {
        if (graph.IsOutput(value))
            return;
        graph.Proto.Output.Add(new ValueInfoProto { Name = value });
        Changed = true;
    }

    /// <summary>Removes nodes whose outputs nobody reads, initializers that nobody reads, and declarations of values that are not there.</summary>
    public void RemoveDead()
    {
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
            if (!graph.Nodes[i].Outputs.Any(output => output.Length > 0 && (graph.IsOutput(output) || graph.ConsumersOf(output).Count > 0)))
                RemoveNode(graph.Nodes[i]);
        foreach (string name in graph.InitializerNames.ToArray())
            if (graph.ConsumersOf(name).Count == 0 && !graph.IsOutput(name))
                RemoveInitializer(name);
        for (int i = graph.Proto.ValueInfo.Count - 1; i >= 0; i--)
            if (graph.ProducerOf(graph.Proto.ValueInfo[i].Name) is null)
                graph.Proto.ValueInfo.RemoveAt(i);
    }

    /// <summary>Puts every node behind the producers of what it reads; nodes that are in order keep their order.</summary>
    public void SortTopologically()
    {
        if (TopologicalOrder.Of(graph) is { } order)
            graph.Reorder(order);
    }

    private static void Rename(OnnxNode node, string value, string replacement)
    {
        for (int i = 0; i < node.Proto.Input.Count; i++)
            if (node.Proto.Input[i] == value)
                node.Proto.Input[i] = replacement;
        foreach (OnnxGraph body in node.Subgraphs.Where(body => !body.IsOwn(value)))
            body.RenameValues(new Dictionary<string, string>(StringComparer.Ordinal) { [value] = replacement });
    }

    private static HashSet<string> CollectNames(OnnxGraph graph)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(graph);
        return names;

        void Collect(OnnxGraph part)
        {
            names.UnionWith(part.Proto.Input.Select(input => input.Name));
            names.UnionWith(part.OutputNames);
            names.UnionWith(part.InitializerNames);
            foreach (OnnxNode node in part.Nodes)
            {
                names.UnionWith(node.Inputs);
                names.UnionWith(node.Outputs);
                foreach (OnnxGraph body in node.Subgraphs)
                    Collect(body);
            }
        }
    }
}
