using System.Runtime.InteropServices;
using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Constant data: a dense tensor in row-major order, elements little-endian. Immutable.</summary>
/// <remarks>Large tensors may lie in a file. Their bytes are read when they are asked for and stay in memory as long as somebody holds what
/// was read; whoever asks more than once asks <see cref="InMemory"/> first.</remarks>
internal sealed class OnnxTensor
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly WeakReference<byte[]>? loaded;

    private OnnxTensor(OnnxElementType elementType, long[] shape, ReadOnlyMemory<byte> bytes)
    {
        ElementType = elementType;
        Shape = shape;
        this.bytes = bytes;
    }

    private OnnxTensor(OnnxElementType elementType, long[] shape, TensorRegion region)
    {
        ElementType = elementType;
        Shape = shape;
        Region = region;
        loaded = new WeakReference<byte[]>([]);
    }

    public OnnxElementType ElementType { get; }

    public IReadOnlyList<long> Shape { get; }

    public int Rank => Shape.Count;

    /// <summary>Number of elements.</summary>
    public long Length => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <exception cref="QuantBuildException">QB2008: the file that the tensor lies in has changed.</exception>
    public ReadOnlySpan<byte> Bytes => Data.Span;

    /// <summary>Where the data lies; null when it is in memory.</summary>
    internal TensorRegion? Region { get; }

    private ReadOnlyMemory<byte> Data
    {
        get
        {
            if (Region is null)
                return bytes;
            if (!loaded!.TryGetTarget(out byte[]? data) || data.LongLength != Region.Length)
                loaded.SetTarget(data = Region.Read());
            return data;
        }
    }

    /// <summary>The elements; <typeparamref name="T"/> must have the size of the element type.</summary>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

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
        if (data.LongLength != elementType.SizeBytes(dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension))))
            throw new ArgumentException("Shape and number of values do not agree.", nameof(values));
        return new OnnxTensor(elementType, dimensions, data);
    }

    /// <summary>A tensor over an array that nobody changes any more.</summary>
    /// <param name="shape">Row-major; so many elements must need so many bytes.</param>
    public static OnnxTensor Wrap(OnnxElementType elementType, ReadOnlySpan<long> shape, byte[] bytes)
    {
        long[] dimensions = shape.ToArray();
        return elementType.SizeBytes(dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension))) == bytes.LongLength
            ? new OnnxTensor(elementType, dimensions, bytes)
            : throw new ArgumentException("Shape and number of values do not agree.", nameof(bytes));
    }

    public static OnnxTensor Float(ReadOnlySpan<long> shape, ReadOnlySpan<float> values) => Create(OnnxElementType.Float, shape, values);

    public static OnnxTensor Scalar(float value) => Float([], [value]);

    /// <summary>A vector of int64, as shapes and axes are given to operators.</summary>
    public static OnnxTensor Int64s(params ReadOnlySpan<long> values) => Create(OnnxElementType.Int64, [values.Length], values);

    /// <summary>The same tensor, held in memory as long as the result is.</summary>
    public OnnxTensor InMemory() => Region is null ? this : new OnnxTensor(ElementType, [.. Shape], Data);

    /// <summary>The same elements under another shape.</summary>
    public OnnxTensor Reshape(params ReadOnlySpan<long> shape)
    {
        long[] dimensions = shape.ToArray();
        if (dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension)) != Length)
            throw new ArgumentException("The number of elements differs.", nameof(shape));
        return Region is null ? new OnnxTensor(ElementType, dimensions, bytes) : new OnnxTensor(ElementType, dimensions, Region);
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

    /// <summary>Reads a stored tensor, whichever of its fields holds the data. Null for strings, for types packed below one byte,
    /// and for data in a file that is not one of <paramref name="files"/>.</summary>
    /// <param name="packed">Types below one byte too, where their bytes are stored as such.</param>
    /// <exception cref="QuantBuildException">QB2004: shape and data do not agree.</exception>
    internal static OnnxTensor? FromProto(TensorProto proto, TensorFiles? files = null, bool packed = false)
    {
        var elementType = (OnnxElementType)proto.DataType;
        bool isPacked = packed && elementType.SizeBits() is > 0 and < 8 && (proto.HasRawData || TensorFiles.IsExternal(proto));
        int size = isPacked ? 1 : elementType.SizeBytes();
        if (size == 0)
            return null;

        long length = 1;
        foreach (long dimension in proto.Dims)
        {
            if (dimension < 0 || (dimension > 0 && length > long.MaxValue / size / dimension))
                throw Invalid(proto, $"its shape [{string.Join(",", proto.Dims)}] is not possible");
            length *= dimension;
        }

        TensorRegion? region = null;
        if (TensorFiles.IsExternal(proto) && (region = files?.Find(proto)) is null)
            return null;

        ReadOnlyMemory<byte> data = region is not null ? default : proto.HasRawData ? proto.RawData.Memory : TypedFields(proto, elementType);
        long stored = region?.Length ?? data.Length;
        long needed = elementType.SizeBytes(length);
        if (stored != needed)
            throw Invalid(proto, $"its shape [{string.Join(",", proto.Dims)}] of {elementType.DisplayName()} needs {needed} bytes, but {stored} are stored");
        return region is null ? new OnnxTensor(elementType, [.. proto.Dims], data) : new OnnxTensor(elementType, [.. proto.Dims], region);
    }

    /// <summary>The same tensor, whose data lies elsewhere.</summary>
    internal OnnxTensor MovedTo(TensorRegion region) => new(ElementType, [.. Shape], region);

    internal TensorProto ToProto(string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)ElementType };
        if (Region is null)
            proto.RawData = ByteString.CopyFrom(bytes.Span);
        else
            TensorFiles.Point(proto, Region.File.Location, Region.Offset, Region.Length);
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
