using System.Buffers.Binary;
using Google.Protobuf;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Reads a model file without the bytes of its large tensors. What is left is a message of the same
/// nodes, types and names.</summary>
/// <remarks>Each length stands before what it counts, and counts what is left out too: what is around a large tensor becomes a message
/// of its own and gets a new length. Small parts are copied and not looked into.</remarks>
internal sealed class OutlineReader
{
    /// <summary>Shorter fields are copied: finding out what is in them takes longer than reading them.</summary>
    private const int SmallestPart = 1 << 16;

    /// <summary>Shorter files are read as they are.</summary>
    private const int SmallestFile = 1 << 20;

    /// <summary>Messages in messages: enough for a tensor in three bodies in each other. What is deeper is copied.</summary>
    private const int MostLevels = 16;

    private readonly Stream stream;
    private readonly long smallestPart;

    private OutlineReader(Stream stream, long smallestPart)
    {
        this.stream = stream;
        this.smallestPart = smallestPart;
    }

    /// <summary>Kinds of messages that tensors are in.</summary>
    private enum Message
    {
        Model,
        Graph,
        Function,
        Node,
        Attribute,
        SparseTensor,
        Tensor,
    }

    /// <returns>The whole file where it is small, or where its fields cannot be told apart: who parses it says why.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] Read(string path)
    {
        using (FileStream file = File.OpenRead(path))
        {
            bool isWorthIt = file.CanSeek && file.Length >= SmallestFile && file.Length <= Array.MaxLength;
            if (isWorthIt && Read(file, SmallestPart) is { } outline)
                return outline;
        }
        return File.ReadAllBytes(path);
    }

    /// <param name="stream">Can seek, and is at its start.</param>
    /// <param name="smallestPart">Bytes of the shortest field that is looked into or left out.</param>
    /// <returns>Null when this is no sequence of fields.</returns>
    public static byte[]? Read(Stream stream, long smallestPart) =>
        new OutlineReader(stream, smallestPart).Outline(stream.Length, Message.Model, 1)?.ToByteArray();

    /// <param name="end">Where the message ends that starts here.</param>
    private ByteString? Outline(long end, Message message, int level)
    {
        using var kept = new MemoryStream();
        using (var output = new CodedOutputStream(kept, leaveOpen: true))
            while (stream.Position < end)
                if (ReadNumber(end) is not { } tag || tag > uint.MaxValue || !CopyField((uint)tag, end, message, level, output))
                    return null;
        return UnsafeByteOperations.UnsafeWrap(kept.GetBuffer().AsMemory(0, (int)kept.Length));
    }

    private bool CopyField(uint tag, long end, Message message, int level, CodedOutputStream output)
    {
        int field = WireFormat.GetTagFieldNumber(tag);
        WireFormat.WireType type = WireFormat.GetTagWireType(tag);
        if (field == 0)
            return false;
        if (type == WireFormat.WireType.LengthDelimited)
        {
            if (ReadNumber(end) is not { } length || length > (ulong)(end - stream.Position))
                return false;
            if ((long)length >= smallestPart && message == Message.Tensor && (long)length % ElementSize(field) == 0)
            {
                stream.Position += (long)length;
                return true;
            }
            ByteString? content = (long)length >= smallestPart && level < MostLevels && MessageIn(message, field) is { } inner
                ? Outline(stream.Position + (long)length, inner, level + 1)
                : UnsafeByteOperations.UnsafeWrap(ReadBytes((long)length));
            if (content is null)
                return false;
            output.WriteTag(tag);
            output.WriteBytes(content);
            return true;
        }
        return CopyNumber(tag, type, end, output);
    }

    private bool CopyNumber(uint tag, WireFormat.WireType type, long end, CodedOutputStream output)
    {
        int size = type switch
        {
            WireFormat.WireType.Fixed32 => sizeof(uint),
            WireFormat.WireType.Fixed64 => sizeof(ulong),
            _ => 0,
        };
        if (end - stream.Position < size)
            return false;
        output.WriteTag(tag);
        switch (type)
        {
            case WireFormat.WireType.Fixed32:
                output.WriteFixed32(BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(size)));
                return true;
            case WireFormat.WireType.Fixed64:
                output.WriteFixed64(BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(size)));
                return true;
            case WireFormat.WireType.Varint when ReadNumber(end) is { } value:
                output.WriteUInt64(value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Of fields of a tensor whose content is of no interest: any bytes of the right number are valid in them. Other data is in
    /// numbers of different length; exporters that write large tensors do not use it.</summary>
    /// <returns>For other fields a size that no length is a multiple of.</returns>
    private static long ElementSize(int field) => field switch
    {
        TensorProto.RawDataFieldNumber => sizeof(byte),
        TensorProto.FloatDataFieldNumber => sizeof(float),
        TensorProto.DoubleDataFieldNumber => sizeof(double),
        _ => long.MaxValue,
    };

    private static Message? MessageIn(Message message, int field) => (message, field) switch
    {
        (Message.Model, ModelProto.GraphFieldNumber) => Message.Graph,
        (Message.Model, ModelProto.FunctionsFieldNumber) => Message.Function,
        (Message.Graph, GraphProto.InitializerFieldNumber) => Message.Tensor,
        (Message.Graph, GraphProto.SparseInitializerFieldNumber) => Message.SparseTensor,
        (Message.Graph, GraphProto.NodeFieldNumber) => Message.Node,
        (Message.Function, FunctionProto.NodeFieldNumber) => Message.Node,
        (Message.Node, NodeProto.AttributeFieldNumber) => Message.Attribute,
        (Message.Attribute, AttributeProto.TFieldNumber or AttributeProto.TensorsFieldNumber) => Message.Tensor,
        (Message.Attribute, AttributeProto.GFieldNumber or AttributeProto.GraphsFieldNumber) => Message.Graph,
        (Message.Attribute, AttributeProto.SparseTensorFieldNumber or AttributeProto.SparseTensorsFieldNumber) => Message.SparseTensor,
        (Message.SparseTensor, SparseTensorProto.ValuesFieldNumber or SparseTensorProto.IndicesFieldNumber) => Message.Tensor,
        _ => null,
    };

    private byte[] ReadBytes(long length)
    {
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <returns>Null when none ends before <paramref name="end"/> or fits 64 bits.</returns>
    private ulong? ReadNumber(long end)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && stream.Position < end; shift += 7)
        {
            int next = stream.ReadByte();
            if (next < 0)
                return null;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        return null;
    }
}
