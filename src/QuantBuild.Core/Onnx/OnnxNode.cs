using System.Security.Cryptography;
using Google.Protobuf;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>One node of a graph. Values are named by strings; an empty string is an input or output that is left out.</summary>
/// <remarks>Inputs and outputs change only through <see cref="GraphEditor"/>, which keeps the graph's index right.</remarks>
internal sealed class OnnxNode
{
    private readonly OnnxGraph[] subgraphs;

    /// <param name="owner">The graph that the node is to stand in: its bodies read values of it.</param>
    internal OnnxNode(NodeProto proto, OnnxGraph owner)
    {
        Proto = proto;
        subgraphs = [.. proto.Attribute.SelectMany(Graphs).Select(graph => new OnnxGraph(graph, files: null, outer: owner))];
    }

    public string OpType => Proto.OpType;

    /// <summary>Empty for the standard operators (<c>ai.onnx</c> is the same domain).</summary>
    public string Domain => Proto.Domain == "ai.onnx" ? "" : Proto.Domain;

    /// <summary>May be empty, and need not be unique.</summary>
    public string Name
    {
        get => Proto.Name;
        set => Proto.Name = value;
    }

    public IReadOnlyList<string> Inputs => Proto.Input;

    public IReadOnlyList<string> Outputs => Proto.Output;

    /// <summary>Bodies of If, Loop and Scan, in the order of the attributes.</summary>
    public IReadOnlyList<OnnxGraph> Subgraphs => subgraphs;

    /// <summary>The body that is the value of an attribute: <c>then_branch</c>, <c>body</c>; null when there is none.</summary>
    public OnnxGraph? Body(string attribute) => Find(attribute)?.G is { } graph ? Array.Find(subgraphs, body => ReferenceEquals(body.Proto, graph)) : null;

    /// <summary>The name for people: the node's own, else that of its first output.</summary>
    public string DisplayName => Name.Length > 0 ? Name : Outputs.FirstOrDefault(output => output.Length > 0) ?? OpType;

    internal NodeProto Proto { get; }

    public void ClearName() => Proto.ClearName();

    /// <summary>The same text for nodes that do the same with the same inputs, whatever they and their outputs are called.</summary>
    public string Fingerprint()
    {
        NodeProto proto = Proto.Clone();
        proto.ClearName();
        proto.ClearDocString();
        proto.MetadataProps.Clear();
        for (int i = 0; i < proto.Output.Count; i++)
            proto.Output[i] = proto.Output[i].Length > 0 ? "given" : "";
        return Convert.ToHexString(SHA256.HashData(proto.ToByteArray()));
    }

    /// <summary>True for an operator of the standard domain.</summary>
    public bool Is(string opType) => Proto.OpType == opType && Domain.Length == 0;

    /// <summary>The input at a position, or null when it is left out.</summary>
    public string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;

    public bool HasAttribute(string name) => Find(name) is not null;

    public long GetInt(string name, long whenAbsent) => Find(name)?.I ?? whenAbsent;

    public float GetFloat(string name, float whenAbsent) => Find(name)?.F ?? whenAbsent;

    public string GetString(string name, string whenAbsent) => Find(name)?.S.ToStringUtf8() ?? whenAbsent;

    public IReadOnlyList<long>? GetInts(string name) => Find(name)?.Ints;

    public IReadOnlyList<float>? GetFloats(string name) => Find(name)?.Floats;

    public OnnxTensor? GetTensor(string name) => Find(name)?.T is { } tensor ? OnnxTensor.FromProto(tensor) : null;

    public IEnumerable<string> AttributeNames => Proto.Attribute.Select(attribute => attribute.Name);

    public OnnxNode SetInt(string name, long value) =>
        Set(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });

    public OnnxNode SetFloat(string name, float value) =>
        Set(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value });

    public OnnxNode SetString(string name, string value) =>
        Set(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) });

    public OnnxNode SetInts(string name, params IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return Set(attribute);
    }

    public OnnxNode SetTensor(string name, OnnxTensor value) =>
        Set(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Tensor, T = value.ToProto("") });

    public bool RemoveAttribute(string name) => Find(name) is { } attribute && Proto.Attribute.Remove(attribute);

    public override string ToString() => $"{OpType} '{DisplayName}'";

    private OnnxNode Set(AttributeProto attribute)
    {
        RemoveAttribute(attribute.Name);
        Proto.Attribute.Add(attribute);
        return this;
    }

    private AttributeProto? Find(string name)
    {
        foreach (AttributeProto attribute in Proto.Attribute)
            if (attribute.Name == name)
                return attribute;
        return null;
    }

    private static IEnumerable<GraphProto> Graphs(AttributeProto attribute) =>
        attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G);
}
