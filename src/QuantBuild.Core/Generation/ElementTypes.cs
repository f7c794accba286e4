using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>The .NET types of elements.</summary>
internal static class ElementTypes
{
    /// <summary>Full name of the type of one element; null for values that have none and stay the runtime's <c>OrtValue</c>.</summary>
    public static string? NameOf(OnnxElementType type) => type switch
    {
        OnnxElementType.Float => "System.Single",
        OnnxElementType.Double => "System.Double",
        OnnxElementType.Int8 => "System.SByte",
        OnnxElementType.UInt8 => "System.Byte",
        OnnxElementType.Int16 => "System.Int16",
        OnnxElementType.UInt16 => "System.UInt16",
        OnnxElementType.Int32 => "System.Int32",
        OnnxElementType.UInt32 => "System.UInt32",
        OnnxElementType.Int64 => "System.Int64",
        OnnxElementType.UInt64 => "System.UInt64",
        OnnxElementType.Bool => "System.Boolean",
        OnnxElementType.String => "System.String",
        OnnxElementType.Float16 => "Microsoft.ML.OnnxRuntime.Float16",
        OnnxElementType.BFloat16 => "Microsoft.ML.OnnxRuntime.BFloat16",
        _ => null,
    };

    /// <summary>Whether the elements have a .NET type.</summary>
    public static bool AreKnown(TensorSignature tensor) => NameOf(tensor.ElementType) is not null;
}
