using Google.Protobuf;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>A loop that adds an input to itself far more often than any test waits for.</summary>
internal static class LongRunningModel
{
    public static ModelSignature Signature { get; } = new(
        [new TensorSignature("x", OnnxElementType.Float, [new(1, null)])], [new TensorSignature("y", OnnxElementType.Float, [new(1, null)])]);

    public static byte[] Bytes()
    {
        GraphProto body = new() { Name = "body" };
        body.Input.Add(Value("i", 7));
        body.Input.Add(Value("c", 9));
        body.Input.Add(Value("v", 1, 1));
        body.Node.Add(new NodeProto { OpType = "Identity", Input = { "c" }, Output = { "c_out" } });
        body.Node.Add(new NodeProto { OpType = "Add", Input = { "v", "v" }, Output = { "v_out" } });
        body.Output.Add(Value("c_out", 9));
        body.Output.Add(Value("v_out", 1, 1));

        GraphProto graph = new() { Name = "long" };
        graph.Input.Add(Value("x", 1, 1));
        graph.Output.Add(Value("y", 1, 1));
        graph.Initializer.Add(new TensorProto { Name = "count", DataType = 7, Int64Data = { long.MaxValue } });
        graph.Initializer.Add(new TensorProto { Name = "condition", DataType = 9, Int32Data = { 1 } });
        graph.Node.Add(new NodeProto
        {
            OpType = "Loop",
            Input = { "count", "condition", "x" },
            Output = { "y" },
            Attribute = { new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body } },
        });
        ModelProto model = new() { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 16 });
        return model.ToByteArray();
    }

    private static ValueInfoProto Value(string name, int type, params long[] shape)
    {
        TensorShapeProto proto = new();
        foreach (long size in shape)
            proto.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = proto } } };
    }
}
