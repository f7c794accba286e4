using System.Runtime.InteropServices;
using QuantBuild.Data;
using QuantBuild.Onnx;

namespace QuantBuild.Testing;

/// <summary>A whole array in memory, as tests write it down.</summary>
/// <param name="Shape">Row-major, sample axis first.</param>
/// <param name="Bytes">Little-endian elements.</param>
internal sealed record NamedArray(string Name, OnnxElementType ElementType, long[] Shape, byte[] Bytes)
{
    public SampleArray Description => new(Name, ElementType, Shape);

    public static NamedArray Of(string name, long[] shape, ReadOnlySpan<float> values) => Of(name, OnnxElementType.Float, shape, values);

    public static NamedArray Of(string name, long[] shape, ReadOnlySpan<long> values) => Of(name, OnnxElementType.Int64, shape, values);

    public static NamedArray Of<T>(string name, OnnxElementType elementType, long[] shape, ReadOnlySpan<T> values)
        where T : unmanaged => new(name, elementType, shape, MemoryMarshal.AsBytes(values).ToArray());
}
