using System.Runtime.InteropServices;
using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Constant data: a dense tensor in row-major order, elements little-endian. Immutable.</summary>
internal sealed class OnnxTensor
{
    private readonly ReadOnlyMemory<byte> bytes;

    private OnnxTensor(OnnxElementType elementType, long[] shape, ReadOnlyMemory<byte> bytes)
    {
        ElementType = elementType;
        Shape = shape;
        this.bytes = bytes;
    }

    public OnnxElementType ElementType { get; }

    public IReadOnlyList<long> Shape { get; }

    public int Rank => Shape.Count;

    /// <summary>Number of elements.</summary>
    public long Length => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    public ReadOnlySpan<byte> Bytes => bytes.Span;

    /// <summary>The elements; <typeparamref name="T"/> must have the size of the element type.</summary>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes.Span);

    /// <summary>The elements as float32; the tensor must be of that type.</summary>
    public ReadOnlySpan<float> Floats =>
        ElementType == OnnxElementType.Float ? Values<float>() : throw new InvalidOperationException($"A {ElementType} tensor has no floats.");

    /// <summary>True for a float32 tensor with NaN or an infinity in it.</summary>
    public bool HasValuesThatAreNotFinite
    {
        get
        {
            if (ElementType != OnnxElementType.Float)
                return false;
            foreach (float value in Floats)
                if (!float.IsFinite(value))
                    return true;
            return false;
        }
    }

    /// <summary>The elements of an int32 or int64 tensor.</summary>
    public long[] ToInt64Array() => ElementType switch
    {
        OnnxElementType.Int64 => Values<long>().ToArray(),
        OnnxElementType.Int32 => [.. Values<int>().ToArray().Select(value => (long)value)],
        _ => throw new InvalidOperationException($"A {ElementType} tensor has no integers."),
    };

    /// <param name="shape">Row-major; the product must be the number of values. Empty for a scalar.</param>
    public static OnnxTensor Create<T>(OnnxElementType elementType, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        long[] dimensions = shape.ToArray();
        byte[] data = MemoryMarshal.AsBytes(values).ToArray();
        if (data.LongLength != dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension)) * elementType.SizeBytes())
            throw new ArgumentException("Shape and number of values do not agree.", nameof(values));
        return new OnnxTensor(elementType, dimensions, data);
    }

    public static OnnxTensor Float(ReadOnlySpan<long> shape, ReadOnlySpan<float> values) => Create(OnnxElementType.Float, shape, values);

    public static OnnxTensor Scalar(float value) => Float([], [value]);

    /// <summary>A vector of int64, as shapes and axes are given to operators.</summary>
    public static OnnxTensor Int64s(params ReadOnlySpan<long> values) => Create(OnnxElementType.Int64, [values.Length], values);

    /// <summary>The same elements under another shape.</summary>
    public OnnxTensor Reshape(params ReadOnlySpan<long> shape)
    {
        long[] dimensions = shape.ToArray();
        if (dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension)) != Length)
            throw new ArgumentException("The number of elements differs.", nameof(shape));
        return new OnnxTensor(ElementType, dimensions, bytes);
    }

    /// <summary>A tensor of a shape, all of whose elements are the only one of this.</summary>
    public OnnxTensor Repeat(params ReadOnlySpan<long> shape)
    {
        long[] dimensions = shape.ToArray();
        byte[] data = new byte[dimensions.Aggregate((long)Bytes.Length, (product, dimension) => checked(product * dimension))];
        for (int i = 0; i < data.Length; i += Bytes.Length)
            Bytes.CopyTo(data.AsSpan(i));
        return new OnnxTensor(ElementType, dimensions, data);
    }

    /// <summary>Reads a stored tensor, whichever of its fields holds the data. Null for strings and types packed below one byte.</summary>
    /// <exception cref="QuantBuildException">QB2004: shape and data do not agree.</exception>
    internal static OnnxTensor? FromProto(TensorProto proto)
    {
        var elementType = (OnnxElementType)proto.DataType;
        if (elementType.SizeBytes() is not (> 0 and var size))
            return null;

        long length = 1;
        foreach (long dimension in proto.Dims)
        {
            if (dimension < 0 || (dimension > 0 && length > long.MaxValue / size / dimension))
                throw Invalid(proto, $"its shape [{string.Join(",", proto.Dims)}] is not possible");
            length *= dimension;
        }

        ReadOnlyMemory<byte> data = proto.HasRawData ? proto.RawData.Memory : TypedFields(proto, elementType);
        if (data.Length != length * size)
            throw Invalid(proto, $"its shape [{string.Join(",", proto.Dims)}] of {elementType.DisplayName()} needs {length * size} bytes, but {data.Length} are stored");
        return new OnnxTensor(elementType, [.. proto.Dims], data);
    }

    internal TensorProto ToProto(string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)ElementType, RawData = ByteString.CopyFrom(bytes.Span) };
        proto.Dims.AddRange(Shape);
        return proto;
    }

    private static ReadOnlyMemory<byte> TypedFields(TensorProto proto, OnnxElementType type)
    {
        switch (type)
        {
            case OnnxElementType.Float or OnnxElementType.Complex64:
                return MemoryMarshal.AsBytes(proto.FloatData.ToArray().AsSpan()).ToArray();
            case OnnxElementType.Double or OnnxElementType.Complex128:
                return MemoryMarshal.AsBytes(proto.DoubleData.ToArray().AsSpan()).ToArray();
            case OnnxElementType.Int64:
                return MemoryMarshal.AsBytes(proto.Int64Data.ToArray().AsSpan()).ToArray();
            case OnnxElementType.UInt64:
                return MemoryMarshal.AsBytes(proto.Uint64Data.ToArray().AsSpan()).ToArray();
            case OnnxElementType.UInt32:
                return MemoryMarshal.AsBytes(proto.Uint64Data.Select(value => unchecked((uint)value)).ToArray().AsSpan()).ToArray();
            default:
                int size = type.SizeBytes();
                byte[] data = new byte[(long)proto.Int32Data.Count * size];
                for (int i = 0; i < proto.Int32Data.Count; i++)
                {
                    int value = proto.Int32Data[i];
                    MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref value))[..size].CopyTo(data.AsSpan(i * size));
                }
                return data;
        }
    }

    private static QuantBuildException Invalid(TensorProto proto, string why) =>
        new(DiagnosticCatalogue.InvalidTensor.At(null, proto.Name, why));
}
