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

    public ModelSignature Signature => SignatureReader.Read(Graph);

    internal ModelProto Proto => proto;

    /// <summary>Lets the model use operators of another domain; nothing changes when it does already.</summary>
    public void Import(string domain, int version)
    {
        if (proto.OpsetImport.All(import => import.Domain != domain))
            proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
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

    private OperatorSetIdProto StandardImport() => proto.OpsetImport.First(import => import.Domain is "" or "ai.onnx");
}
