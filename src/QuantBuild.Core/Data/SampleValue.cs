using System.Runtime.InteropServices;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>What one sample has in one array that is no input of the model: a label, a target, the name of a slice.</summary>
/// <param name="Shape">Without the axis that counts samples; empty for a single value.</param>
/// <param name="Bytes">Little-endian, row-major; strings as <see cref="SampleStrings"/> writes them.</param>
internal sealed record SampleValue(OnnxElementType ElementType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    public bool IsText => ElementType == OnnxElementType.String;

    /// <summary>The elements of an array of integers or truth values; null for another type.</summary>
    public long[]? ToInt64s() => ElementType switch
    {
        OnnxElementType.Int64 => Of<long>(),
        OnnxElementType.Int32 => [.. Of<int>().Select(value => (long)value)],
        OnnxElementType.Int16 => [.. Of<short>().Select(value => (long)value)],
        OnnxElementType.Int8 => [.. Of<sbyte>().Select(value => (long)value)],
        OnnxElementType.UInt32 => [.. Of<uint>().Select(value => (long)value)],
        OnnxElementType.UInt16 => [.. Of<ushort>().Select(value => (long)value)],
        OnnxElementType.UInt8 or OnnxElementType.Bool => [.. Of<byte>().Select(value => (long)value)],
        _ => null,
    };

    /// <summary>The elements of an array of numbers; null for another type.</summary>
    public double[]? ToDoubles() => ElementType switch
    {
        OnnxElementType.Double => Of<double>(),
        OnnxElementType.Float => [.. Of<float>().Select(value => (double)value)],
        OnnxElementType.Float16 => [.. Of<Half>().Select(value => (double)value)],
        OnnxElementType.UInt64 => [.. Of<ulong>().Select(value => (double)value)],
        _ => ToInt64s()?.Select(value => (double)value).ToArray(),
    };

    /// <summary>The elements of an array of strings; null for another type.</summary>
    public IReadOnlyList<string>? ToStrings() => IsText ? SampleStrings.Read(Bytes.Span) : null;

    private T[] Of<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span).ToArray();
}
