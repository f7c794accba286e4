using Google.Protobuf;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Models whose outputs are their inputs, of any type and shape.</summary>
internal static class IdentityModel
{
    /// <param name="values">
    /// One input <c>NAME</c> each, given back as <c>out_NAME</c>. A value without an element type is a sequence of float tensors.
    /// </param>
    public static byte[] Of(params TensorSignature[] values)
    {
        GraphProto graph = new() { Name = "identity" };
        foreach (TensorSignature value in values)
        {
            graph.Input.Add(new ValueInfoProto { Name = value.Name, Type = TypeOf(value) });
            graph.Output.Add(new ValueInfoProto { Name = OutputOf(value).Name, Type = TypeOf(value) });
            graph.Node.Add(new NodeProto { OpType = "Identity", Input = { value.Name }, Output = { OutputOf(value).Name } });
        }
        ModelProto model = new() { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 16 });
        return model.ToByteArray();
    }

    public static ModelSignature SignatureOf(params TensorSignature[] values) => new(values, [.. values.Select(OutputOf)]);

    private static TensorSignature OutputOf(TensorSignature value) => value with { Name = "out_" + value.Name };

    private static TypeProto TypeOf(TensorSignature value)
    {
        if (value.ElementType == OnnxElementType.Undefined)
        {
            TypeProto element = TypeOf(new TensorSignature("", OnnxElementType.Float, null));
            return new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = element } };
        }
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)value.ElementType };
        if (value.Shape is { } shape)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (OnnxDimension dimension in shape)
            {
                TensorShapeProto.Types.Dimension target = new();
                if (dimension.Value is { } size)
                    target.DimValue = size;
                else if (dimension.Symbol is { } symbol)
                    target.DimParam = symbol;
                tensor.Shape.Dim.Add(target);
            }
        }
        return new TypeProto { TensorType = tensor };
    }
}
