using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>A file with a single tensor, as ONNX's own test data has them.</summary>
internal static class TensorProtoFile
{
    private const long LargestBytes = int.MaxValue;

    /// <returns>The tensor with the name that the file gives it, often none.</returns>
    /// <exception cref="InvalidDataException">Not such a file, or a tensor whose elements cannot be read; the message says why.</exception>
    public static NamedTensor Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (file.Length > LargestBytes)
            throw new InvalidDataException($"it has {file.Length} bytes; a tensor in a file has at most {LargestBytes}");
        TensorProto proto;
        try
        {
            proto = TensorProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException cause)
        {
            throw new InvalidDataException("it is not a TensorProto of ONNX", cause);
        }
        if (proto.DataType == 0)
            throw new InvalidDataException("it is not a TensorProto of ONNX: it has no type");
        try
        {
            return new NamedTensor(proto.Name, OnnxTensor.FromProto(proto)
                ?? throw new InvalidDataException($"it holds {((OnnxElementType)proto.DataType).DisplayName()} or data in another file, which cannot be read"));
        }
        catch (QuantBuildException cause)
        {
            throw new InvalidDataException(cause.Message, cause);
        }
    }
}
