namespace QuantBuild.Onnx;

/// <summary>Element types with the numbers that ONNX gives them (<c>TensorProto.DataType</c>).</summary>
internal enum OnnxElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    Float8E4M3FN = 17,
    Float8E4M3FNUZ = 18,
    Float8E5M2 = 19,
    Float8E5M2FNUZ = 20,
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    UInt2 = 25,
    Int2 = 26,
}

internal static class OnnxElementTypeExtensions
{
    /// <summary>Bytes of one element; 0 for types without a fixed size and for those that are packed below one byte.</summary>
    public static int SizeBytes(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.Float8E4M3FN or OnnxElementType.Float8E4M3FNUZ or OnnxElementType.Float8E5M2
            or OnnxElementType.Float8E5M2FNUZ or OnnxElementType.Float8E8M0 => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Double or OnnxElementType.Complex64 => 8,
        OnnxElementType.Complex128 => 16,
        _ => 0,
    };

    /// <summary>Bits of one element; 0 for types without a fixed size.</summary>
    public static int SizeBits(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt4 or OnnxElementType.Int4 or OnnxElementType.Float4E2M1 => 4,
        OnnxElementType.UInt2 or OnnxElementType.Int2 => 2,
        _ => 8 * type.SizeBytes(),
    };

    /// <summary>Bytes of so many elements; those of types below one byte are packed, the first in the lowest bits.</summary>
    public static long SizeBytes(this OnnxElementType type, long elements) => checked((elements * type.SizeBits()) + 7) / 8;

    /// <summary>The type as users of numpy and ONNX write it: <c>float32</c>, <c>int64</c>, <c>bool</c> ….</summary>
    public static string DisplayName(this OnnxElementType type) => type switch
    {
        OnnxElementType.Float => "float32",
        OnnxElementType.Double => "float64",
        _ => type.ToString().ToLowerInvariant(),
    };
}
