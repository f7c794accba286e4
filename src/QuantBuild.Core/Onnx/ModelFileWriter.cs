using Google.Protobuf;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Writes a model and the tensors outside of its message as one ONNX file, holding one tensor in memory. The bytes are those that
/// protobuf would write if everything were in memory.</summary>
/// <remarks>A message's fields are written in the order of their numbers, and each length stands before what it counts. The parts around
/// the large tensors are serialized by protobuf and cut where the large parts belong.</remarks>
internal sealed class ModelFileWriter
{
    /// <summary>Protobuf counts the bytes of a file in 31 bits.</summary>
    public const long MostBytes = int.MaxValue;

    private readonly List<(byte[] Head, TensorRegion? Data, byte[] Tail)> tensors = [];
    private readonly byte[] modelHead;
    private readonly byte[] modelTail;
    private readonly byte[] graphHead;
    private readonly byte[] graphTail;
    private readonly long graphLength;

    public ModelFileWriter(ModelImage image)
    {
        ModelProto model = image.Parse();
        foreach (TensorProto tensor in model.Graph.Initializer)
            tensors.Add(Cut(tensor, image.Files.Find(tensor)));
        GraphProto graph = model.Graph;
        model.Graph = null;
        graph.Initializer.Clear();
        (modelHead, modelTail) = Cut(model.ToByteArray(), ModelProto.GraphFieldNumber);
        (graphHead, graphTail) = Cut(graph.ToByteArray(), GraphProto.InitializerFieldNumber);
        graphLength = graphHead.Length + tensors.Sum(LengthInGraph) + graphTail.Length;
        Length = modelHead.Length + LengthOfField(graphLength) + modelTail.Length;
    }

    /// <summary>Bytes of the file. Above <see cref="MostBytes"/> no reader takes it.</summary>
    public long Length { get; }

    /// <exception cref="QuantBuildException">QB2008: a file with tensors has changed.</exception>
    public void WriteTo(Stream output)
    {
        output.Write(modelHead);
        WriteField(output, ModelProto.GraphFieldNumber, graphLength);
        output.Write(graphHead);
        foreach ((byte[] Head, TensorRegion? Data, byte[] Tail) tensor in tensors)
        {
            WriteField(output, GraphProto.InitializerFieldNumber, LengthOf(tensor));
            output.Write(tensor.Head);
            if (tensor.Data is { } data)
            {
                WriteField(output, TensorProto.RawDataFieldNumber, data.Length);
                output.Write(data.Read());
            }
            output.Write(tensor.Tail);
        }
        output.Write(graphTail);
        output.Write(modelTail);
    }

    private static (byte[] Head, TensorRegion? Data, byte[] Tail) Cut(TensorProto tensor, TensorRegion? region)
    {
        if (region is null)
            return (tensor.ToByteArray(), null, []);
        tensor.ExternalData.Clear();
        tensor.ClearDataLocation();
        (byte[] head, byte[] tail) = Cut(tensor.ToByteArray(), TensorProto.RawDataFieldNumber);
        return (head, region, tail);
    }

    /// <summary>Cuts a serialized message where a field of this number belongs.</summary>
    private static (byte[] Head, byte[] Tail) Cut(byte[] message, int fieldNumber)
    {
        var input = new CodedInputStream(message);
        long position = 0;
        while (input.ReadTag() is not 0 and var tag && WireFormat.GetTagFieldNumber(tag) < fieldNumber)
        {
            input.SkipLastField();
            position = input.Position;
        }
        return (message[..(int)position], message[(int)position..]);
    }

    private static long LengthInGraph((byte[] Head, TensorRegion? Data, byte[] Tail) tensor) => LengthOfField(LengthOf(tensor));

    private static long LengthOf((byte[] Head, TensorRegion? Data, byte[] Tail) tensor) =>
        tensor.Head.Length + (tensor.Data is { } data ? LengthOfField(data.Length) : 0) + tensor.Tail.Length;

    /// <summary>Of a field of bytes with a number below 16: a tag of one byte, the length, the content.</summary>
    private static long LengthOfField(long content) => 1 + CodedOutputStream.ComputeUInt64Size((ulong)content) + content;

    private static void WriteField(Stream output, int number, long content)
    {
        var buffer = new MemoryStream();
        using (var coded = new CodedOutputStream(buffer, leaveOpen: true))
        {
            coded.WriteTag(number, WireFormat.WireType.LengthDelimited);
            coded.WriteUInt64((ulong)content);
        }
        output.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
