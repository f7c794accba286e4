using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>A function that a model defines: nodes with that operator stand for what is in it.</summary>
internal sealed class OnnxFunction(FunctionProto proto)
{
    public string Name => proto.Name;

    /// <summary>What is in it, for looking at.</summary>
    public OnnxGraph Body => new(Graph());

    /// <summary>Version of the standard operators in it; null when it uses none.</summary>
    public long? Opset => proto.OpsetImport.FirstOrDefault(import => OnnxModel.DomainOf(import).Length == 0)?.Version;

    /// <summary>True for a node that calls this function.</summary>
    public bool IsCalledBy(OnnxNode node) => IsCalledBy(node.Proto);

    /// <summary>True when a node in this function, or in a body in it, calls the other one.</summary>
    public bool Calls(OnnxFunction other) => Body.WithBodies.SelectMany(graph => graph.Nodes).Any(other.IsCalledBy);

    /// <summary>The nodes that one call stands for: with its inputs, outputs and attributes, and inner values under new names.</summary>
    /// <remarks>An input or attribute that the call leaves out is left out by all that read it; an attribute may have a default.</remarks>
    /// <param name="uniqueName">Makes a new name from a hint.</param>
    internal IReadOnlyList<NodeProto> Instantiate(OnnxNode call, Func<string, string> uniqueName)
    {
        GraphProto instance = Graph();
        foreach (NodeProto node in instance.Node)
            SetAttributes(node, call.Proto);

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < proto.Input.Count; i++)
            names[proto.Input[i]] = call.Input(i) ?? "";
        for (int i = 0; i < proto.Output.Count; i++)
            if (i < call.Outputs.Count && call.Outputs[i].Length > 0 && !names.TryAdd(proto.Output[i], call.Outputs[i]))
                instance.Node.Add(Copy(proto.Output[i], $"\0{i}", call.Outputs[i], names));
        foreach (string value in instance.Node.SelectMany(node => node.Output).Where(value => value.Length > 0))
            if (!names.ContainsKey(value))
                names.Add(value, uniqueName($"{call.DisplayName}/{value}"));
        foreach (NodeProto node in instance.Node.Where(node => node.Name.Length > 0))
            node.Name = $"{call.DisplayName}/{node.Name}";

        new OnnxGraph(instance).RenameValues(names);
        return instance.Node;
    }

    /// <summary>An output that is an input as well, or one that an earlier output names too, needs a node of its own.</summary>
    /// <param name="target">A name that nothing in the function has.</param>
    private static NodeProto Copy(string source, string target, string output, Dictionary<string, string> names)
    {
        names.Add(target, output);
        return new NodeProto { OpType = "Identity", Input = { source }, Output = { target } };
    }

    private GraphProto Graph()
    {
        var graph = new GraphProto { Name = proto.Name };
        graph.Node.AddRange(proto.Node.Select(node => node.Clone()));
        return graph;
    }

    private bool IsCalledBy(NodeProto node) => node.OpType == proto.Name && node.Domain == proto.Domain && node.Overload == proto.Overload;

    private void SetAttributes(NodeProto node, NodeProto call)
    {
        for (int i = node.Attribute.Count - 1; i >= 0; i--)
        {
            AttributeProto attribute = node.Attribute[i];
            if (attribute.RefAttrName.Length > 0)
            {
                node.Attribute.RemoveAt(i);
                if (call.Attribute.Concat(proto.AttributeProto).FirstOrDefault(given => given.Name == attribute.RefAttrName)?.Clone() is { } value)
                {
                    value.Name = attribute.Name;
                    node.Attribute.Insert(i, value);
                }
                continue;
            }
            foreach (GraphProto body in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
                foreach (NodeProto inner in body.Node)
                    SetAttributes(inner, call);
        }
    }
}
