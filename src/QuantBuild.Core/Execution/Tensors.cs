using System.Runtime.InteropServices;
using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>One input of a run: a dense tensor in row-major order, elements little-endian.</summary>
internal sealed record InputTensor(string Name, OnnxElementType ElementType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes);

/// <summary>A view of one output of a run, over memory that the runtime owns.</summary>
internal readonly ref struct OutputTensor(OnnxElementType elementType, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes)
{
    public OnnxElementType ElementType { get; } = elementType;

    public ReadOnlySpan<long> Shape { get; } = shape;

    /// <summary>Row-major, little-endian; empty for strings, sequences and maps.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>The elements as float32; only when <see cref="ElementType"/> is <see cref="OnnxElementType.Float"/>.</summary>
    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes);
}
