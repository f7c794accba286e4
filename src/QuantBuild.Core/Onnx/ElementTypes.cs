namespace QuantBuild.Onnx;

/// <summary>The element type of a value, as far as it follows from declarations, constants and the operators that keep it.</summary>
internal static class ElementTypes
{
    /// <summary>How many producers are followed back; chains of shape arithmetic are shorter, deep graphs must not exhaust the stack.</summary>
    private const int LongestChain = 64;

    private static readonly HashSet<string> KeepFirstInputType = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "AveragePool", "BatchNormalization", "Ceil", "Celu", "Clip", "Concat", "Conv", "ConvTranspose", "CumSum",
        "DepthToSpace", "Div", "Dropout", "Einsum", "Elu", "Erf", "Exp", "Expand", "Flatten", "Floor", "GRU", "Gather", "GatherElements",
        "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "GroupNormalization", "HardSigmoid", "HardSwish", "Identity",
        "InstanceNormalization", "LRN", "LSTM", "LayerNormalization", "LeakyRelu", "Log", "LogSoftmax", "MatMul", "Max", "MaxPool", "Min",
        "Mish", "Mul", "Neg", "PRelu", "Pad", "Pow", "RNN", "Reciprocal", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
        "ReduceSum", "Relu", "Reshape", "Resize", "Round", "ScatterElements", "ScatterND", "Selu", "Sigmoid", "Sign", "Slice", "Softmax",
        "Softplus", "Softsign", "SpaceToDepth", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "ThresholdedRelu", "Tile", "Transpose",
        "Unsqueeze", "Upsample",
    };

    /// <returns>Null when the type cannot be told.</returns>
    public static OnnxElementType? Of(OnnxGraph graph, string value) => Of(graph, value, LongestChain);

    /// <summary>The floating-point type that the model computes in, when its inputs, outputs and constants name only one.</summary>
    public static OnnxElementType? OnlyFloatTypeOf(OnnxModel model)
    {
        ModelSignature signature = model.Signature;
        OnnxElementType[] used =
        [
            .. signature.Inputs.Concat(signature.Outputs).Select(value => value.ElementType)
                .Concat(model.Graph.InitializerNames.Select(name => model.Graph.InitializerTypeOf(name) ?? OnnxElementType.Undefined))
                .Where(type => type is OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.Double or OnnxElementType.BFloat16)
                .Distinct(),
        ];
        return used is [var only] ? only : null;
    }

    private static OnnxElementType? Of(OnnxGraph graph, string value, int chain)
    {
        if (graph.InitializerTypeOf(value) is { } stored)
            return stored;
        if (graph.DeclaredTypeOf(value) is { ElementType: not OnnxElementType.Undefined } declared)
            return declared.ElementType;
        if (graph.Outer is { } outer && !graph.IsOwn(value))
            return Of(outer, value, chain);
        if (chain == 0 || graph.ProducerOf(value) is not { Domain.Length: 0 } producer)
            return null;
        return producer.OpType switch
        {
            "Shape" or "Size" => OnnxElementType.Int64,
            "Cast" => (OnnxElementType)producer.GetInt("to", 0),
            _ => producer.Outputs[0] == value || producer.OpType is "Split" or "LSTM" or "GRU" or "RNN"
                ? KeepFirstInputType.Contains(producer.OpType) ? Of(graph, producer.Inputs[0], chain - 1) : null
                : null,
        };
    }
}
