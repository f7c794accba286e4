using Google.Protobuf;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>An ONNX model in memory. Written back untouched, it gives the bytes it was read from.</summary>
internal sealed class OnnxModel
{
    /// <summary>The oldest opset that is read.</summary>
    public const int OldestOpset = 7;

    /// <summary>The newest opset that is read.</summary>
    public const int NewestOpset = 23;

    private readonly ModelProto proto;

    internal OnnxModel(ModelProto proto)
    {
        this.proto = proto;
        Graph = new OnnxGraph(proto.Graph);
    }

    public OnnxGraph Graph { get; }

    /// <summary>Version of the standard operators.</summary>
    public int Opset
    {
        get => (int)StandardImport().Version;
        set
        {
            StandardImport().Version = value;
            // IR 7 is what opset 13 came with; older readers of IR 3 to 6 demand that initializers are inputs as well.
            proto.IrVersion = Math.Max(proto.IrVersion, 7);
        }
    }

    /// <summary>The functions that the model defines itself.</summary>
    public IReadOnlyList<OnnxFunction> Functions => [.. proto.Functions.Select(function => new OnnxFunction(function))];

    public ModelSignature Signature => SignatureReader.Read(Graph);

    internal ModelProto Proto => proto;

    /// <summary>Lets the model use operators of another domain; nothing changes when it does already.</summary>
    public void Import(string domain, int version)
    {
        if (proto.OpsetImport.All(import => import.Domain != domain))
            proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
    }

    /// <summary>Makes inputs constants of the same names. The values must have the types of the inputs, and shapes that they allow.</summary>
    /// <returns>This model.</returns>
    public OnnxModel WithFixedInputs(IReadOnlyList<NamedTensor> values)
    {
        foreach (NamedTensor value in values)
        {
            Graph.FixInput(value);
            // Before IR 4 an initializer had to be an input as well.
            proto.IrVersion = Math.Max(proto.IrVersion, 4);
        }
        return this;
    }

    /// <summary>Takes out the functions that nothing calls any more, and imports the operators that they were made of.</summary>
    public void RemoveDeadFunctions()
    {
        while (proto.Functions.FirstOrDefault(function => !IsCalled(new OnnxFunction(function))) is { } dead)
        {
            proto.Functions.Remove(dead);
            foreach (OperatorSetIdProto import in dead.OpsetImport)
                if (!proto.OpsetImport.Any(own => DomainOf(own) == DomainOf(import)))
                    proto.OpsetImport.Add(import.Clone());
        }
    }

    public OnnxModel Clone()
    {
        Graph.Flush();
        return new OnnxModel(proto.Clone());
    }

    public byte[] ToBytes()
    {
        Graph.Flush();
        return proto.ToByteArray();
    }

    private OperatorSetIdProto StandardImport() => proto.OpsetImport.First(import => DomainOf(import).Length == 0);

    private bool IsCalled(OnnxFunction function) =>
        Graph.WithBodies.SelectMany(graph => graph.Nodes).Any(function.IsCalledBy) || Functions.Any(caller => caller.Calls(function));

    internal static string DomainOf(OperatorSetIdProto import) => import.Domain == "ai.onnx" ? "" : import.Domain;
}
