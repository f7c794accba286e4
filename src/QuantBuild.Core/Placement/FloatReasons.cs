using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Why operators stay float for which the runtime has no integer kernel, or none that is worth running, by family.</summary>
internal static class FloatReasons
{
    private static readonly (string Reason, string[] Operators)[] Families =
    [
        ("no integer kernel in front of it can cut its output there", ["Relu", "Clip"]),
        ("the runtime computes this activation function in float only",
        [
            "Celu", "Elu", "Gelu", "HardSigmoid", "HardSwish", "Mish", "PRelu", "Selu", "Softplus", "Softsign", "Swish", "Tanh", "ThresholdedRelu",
        ]),
        ("its integer kernel is slower than the float one and coarser", ["Softmax"]),
        ("the runtime computes it in float only", ["Hardmax", "LogSoftmax"]),
        ("a normalization divides by what it measures of its input, which takes floats",
        [
            "GroupNormalization", "InstanceNormalization", "LayerNormalization", "LpNormalization", "LRN",
            "MeanVarianceNormalization", "RMSNormalization", "SimplifiedLayerNormalization",
        ]),
        ("the runtime scales and shifts channels in float only, and no product beside it could take that up", ["BatchNormalization"]),
        ("the runtime does this arithmetic in float only",
        [
            "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "CumProd", "CumSum", "Div", "Erf", "Exp", "Floor", "Log",
            "Max", "Mean", "Min", "Mod", "Neg", "Pow", "Reciprocal", "Round", "Sign", "Sin", "Sinh", "Sqrt", "Sub", "Sum", "Tan",
        ]),
        ("the runtime sums and pools like this in float only",
        [
            "GlobalLpPool", "GlobalMaxPool", "LpPool", "MaxRoiPool", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMean", "ReduceProd",
            "ReduceSum", "ReduceSumSquare", "RoiAlign",
        ]),
        ("the runtime has no integer kernel for a convolution of this kind", ["Col2Im", "ConvTranspose", "DeformConv"]),
        ("the runtime has no integer kernel for it", ["Attention", "Bernoulli", "Det", "Einsum", "RotaryEmbedding"]),
        ("the runtime fuses no recurrent layer that reads quantized values", ["GRU", "LSTM", "RNN"]),
        ("the runtime moves these values as floats only",
        [
            "AffineGrid", "CenterCropPad", "Compress", "GatherND", "GridSample", "MaxUnpool", "Pad", "ReverseSequence", "Scatter", "ScatterElements", "ScatterND",
            "SpaceToDepth", "TensorScatter", "TopK", "Trilu", "Upsample",
        ]),
        ("it computes shapes, indices or types, no activations",
        [
            "ArgMin", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "Cast", "CastLike", "Constant", "ConstantOfShape", "EyeLike", "Identity",
            "NonMaxSuppression", "NonZero", "OneHot", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Range", "Shape", "Size", "Unique",
        ]),
        ("it compares or decides, and gives no activations",
        [
            "And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor",
        ]),
        ("it works on sequences or texts",
        [
            "ConcatFromSequence", "Optional", "OptionalGetElement", "OptionalHasElement", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase",
            "SequenceInsert", "SequenceLength", "SplitToSequence", "StringConcat", "StringNormalizer", "StringSplit", "TfIdfVectorizer",
        ]),
        ("signal processing is computed in float only",
        [
            "BlackmanWindow", "DFT", "HammingWindow", "HannWindow", "MelWeightMatrix", "STFT",
        ]),
    ];

    private static readonly Dictionary<string, string> ByOperator = Families
        .SelectMany(family => family.Operators.Select(opType => (opType, family.Reason)))
        .ToDictionary(pair => pair.opType, pair => pair.Reason, StringComparer.Ordinal);

    public static string Of(OnnxNode node)
    {
        if (node.Domain.Length > 0)
            return $"operators of the domain '{node.Domain}' are left as they are";
        return ByOperator.GetValueOrDefault(node.OpType, "the runtime is not known to have an integer kernel for this operator");
    }
}
