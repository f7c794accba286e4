using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Reads what a file declares of a value.</summary>
internal static class SignatureReader
{
    public static ModelSignature Read(OnnxGraph graph) => new(
        [.. graph.Proto.Input.Where(input => !graph.IsInitializer(input.Name)).Select(Read)],
        [.. graph.Proto.Output.Select(Read)]);

    public static TensorSignature Read(ValueInfoProto info)
    {
        if (info.Type?.TensorType is not { } tensor)
            return new TensorSignature(info.Name, OnnxElementType.Undefined, null);
        IReadOnlyList<OnnxDimension>? shape = tensor.Shape is null ? null : [.. tensor.Shape.Dim.Select(Read)];
        return new TensorSignature(info.Name, (OnnxElementType)tensor.ElemType, shape);
    }

    /// <remarks>Exporters write a dimension that they do not know as 0 or −1 as well.</remarks>
    private static OnnxDimension Read(TensorShapeProto.Types.Dimension dimension) => dimension.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue > 0 => new OnnxDimension(dimension.DimValue, null),
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dimension.DimParam.Length > 0 => new OnnxDimension(null, dimension.DimParam),
        _ => default,
    };
}
