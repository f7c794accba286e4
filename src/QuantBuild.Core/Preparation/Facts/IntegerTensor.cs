using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>A small tensor of integers or truth values, as models use them to compute shapes; elements may be unknown.</summary>
/// <param name="ElementType">Int64, Int32 or Bool.</param>
/// <param name="Values">Row-major, as many as the product of <paramref name="Shape"/>.</param>
internal sealed record IntegerTensor(OnnxElementType ElementType, long[] Shape, SymbolicInteger[] Values)
{
    /// <summary>Longest tensor that is followed. Shape arithmetic has as many elements as a tensor has axes; position tables of a few
    /// hundred entries are read by it too. Larger constants would make the file grow when they are folded.</summary>
    public const int LongestLength = 1024;

    public bool IsKnown => Array.TrueForAll(Values, value => value.IsKnown);

    /// <summary>The elements, all known.</summary>
    public long[] Known => [.. Values.Select(value => value.Value)];

    public static IntegerTensor Vector(params SymbolicInteger[] values) => new(OnnxElementType.Int64, [values.Length], values);

    /// <returns>Null for other element types and for tensors that are too long.</returns>
    public static IntegerTensor? From(OnnxTensor? tensor)
    {
        if (tensor is null || tensor.Length > LongestLength)
            return null;
        SymbolicInteger[]? values = tensor.ElementType switch
        {
            OnnxElementType.Int64 or OnnxElementType.Int32 => [.. tensor.ToInt64Array()],
            OnnxElementType.Bool => [.. tensor.Bytes.ToArray().Select(value => (SymbolicInteger)(value == 0 ? 0L : 1L))],
            _ => null,
        };
        return values is null ? null : new IntegerTensor(tensor.ElementType, [.. tensor.Shape], values);
    }

    /// <summary>All elements must be known.</summary>
    public OnnxTensor ToTensor() => ElementType switch
    {
        OnnxElementType.Int32 => OnnxTensor.Create<int>(ElementType, Shape, [.. Known.Select(value => unchecked((int)value))]),
        OnnxElementType.Bool => OnnxTensor.Create<byte>(ElementType, Shape, [.. Known.Select(value => (byte)value)]),
        _ => OnnxTensor.Create<long>(ElementType, Shape, Known),
    };
}
