using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>The shapes of a node's outputs from those of its inputs, for standard operators.</summary>
internal static class ShapeRules
{
    private static readonly HashSet<string> KeepShape = new(StringComparer.Ordinal)
    {
        "Abs", "BatchNormalization", "Cast", "Ceil", "Clip", "CumSum", "Dropout", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish",
        "Hardmax", "Identity", "InstanceNormalization", "IsInf", "IsNaN", "LRN", "LayerNormalization", "LeakyRelu", "Log", "LogSoftmax", "Mish",
        "Neg", "Not", "PRelu", "Reciprocal", "Relu", "Round", "ScatterElements", "ScatterND", "Selu", "Sigmoid", "Sign", "Sin", "Softmax",
        "Softplus", "Softsign", "Sqrt", "Tanh",
    };

    private static readonly HashSet<string> Broadcast = new(StringComparer.Ordinal)
    {
        "Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean", "Min", "Mod", "Mul", "Or", "Pow", "Sub",
        "Sum", "Where", "Xor",
    };

    /// <returns>One entry per output, from the first; a missing entry or null is not known.</returns>
    public static IReadOnlyList<SymbolicInteger[]?> Apply(OnnxNode node, StaticFacts facts)
    {
        // What a kernel slides over has the rank of the kernel, which runtimes enforce.
        if ((facts.ShapeOf(node.Input(0)) ?? (node.Is("Conv") ? facts.ShapeOf(node.Input(1))?.Select(_ => facts.NewDimension()).ToArray() : null))
            is not { } x)
            return [];
        return node.OpType switch
        {
            "Split" => AxisShapes.Split(node, x, facts),
            "LSTM" or "GRU" or "RNN" => Recurrent(node, x, facts),
            _ => new[] { FirstOutput(node, x, facts) },
        };
    }

    /// <summary>The dimension that two broadcast to; 1 gives way to the other, and an unknown one to any known one above 1.</summary>
    public static SymbolicInteger BroadcastDimension(SymbolicInteger a, SymbolicInteger b, StaticFacts facts) =>
        a == b || b.Is(1) ? a : a.Is(1) ? b : a.IsKnown ? a : b.IsKnown ? b : facts.NewDimension();

    public static SymbolicInteger[] BroadcastShapes(SymbolicInteger[] a, SymbolicInteger[] b, StaticFacts facts)
    {
        var result = new SymbolicInteger[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
            result[^i] = i > a.Length ? b[^i] : i > b.Length ? a[^i] : BroadcastDimension(a[^i], b[^i], facts);
        return result;
    }

    private static SymbolicInteger[]? FirstOutput(OnnxNode node, SymbolicInteger[] x, StaticFacts facts) => node.OpType switch
    {
        _ when KeepShape.Contains(node.OpType) => x,
        _ when Broadcast.Contains(node.OpType) => BroadcastAll(node, facts),
        "Conv" => WindowShapes.Conv(node, x, facts),
        "MaxPool" or "AveragePool" or "LpPool" => WindowShapes.Pool(node, x, facts),
        "GlobalAveragePool" or "GlobalMaxPool" when x.Length >= 2 => [x[0], x[1], .. Enumerable.Repeat((SymbolicInteger)1L, x.Length - 2)],
        "Pad" => AxisShapes.Pad(node, x, facts),
        "ConvTranspose" or "Resize" or "Upsample" or "Tile" => AxisShapes.SameRank(node, x, facts),
        "Slice" => AxisShapes.Slice(node, x, facts),
        "Expand" => facts.ValueOf(node.Input(1)) is { } target ? BroadcastShapes(x, target.Values, facts) : null,
        "GatherElements" => facts.ShapeOf(node.Input(1)),
        "Gemm" => Gemm(node, x, facts),
        "MatMul" => MatMul(node, x, facts),
        "Flatten" => AxisShapes.Flatten(node, x, facts),
        "Reshape" => AxisShapes.Reshape(node, x, facts),
        "Transpose" => AxisShapes.Transpose(node, x),
        "Squeeze" => AxisShapes.Squeeze(node, x, facts),
        "Unsqueeze" => AxisShapes.Unsqueeze(node, x, facts),
        "Concat" => AxisShapes.Concat(node, facts),
        "Gather" => AxisShapes.Gather(node, x, facts),
        "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceProd" or "ReduceL1" or "ReduceL2" or "ReduceSumSquare"
            or "ReduceLogSum" or "ReduceLogSumExp" => AxisShapes.Reduce(node, x, facts),
        _ => null,
    };

    private static SymbolicInteger[]? BroadcastAll(OnnxNode node, StaticFacts facts)
    {
        SymbolicInteger[] result = [];
        foreach (string input in node.Inputs)
        {
            if (facts.ShapeOf(input) is not { } shape)
                return null;
            result = BroadcastShapes(result, shape, facts);
        }
        return result;
    }

    /// <remarks>All outputs [sequence, directions, batch, hidden], last ones [directions, batch, hidden]; R is [directions, gates · hidden, hidden].</remarks>
    private static IReadOnlyList<SymbolicInteger[]?> Recurrent(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        if (x.Length != 3 || node.GetInt("layout", 0) != 0 || facts.ShapeOf(node.Input(2)) is not [var directions, _, var hidden])
            return [];
        SymbolicInteger[] last = [directions, x[1], hidden];
        return [[x[0], directions, x[1], hidden], last, last];
    }

    private static SymbolicInteger[] Gemm(OnnxNode node, SymbolicInteger[] a, StaticFacts facts)
    {
        SymbolicInteger[]? b = facts.ShapeOf(node.Input(1));
        return
        [
            a.Length == 2 ? a[node.GetInt("transA", 0) == 0 ? 0 : 1] : facts.NewDimension(),
            b?.Length == 2 ? b[node.GetInt("transB", 0) == 0 ? 1 : 0] : facts.NewDimension(),
        ];
    }

    private static SymbolicInteger[]? MatMul(OnnxNode node, SymbolicInteger[] a, StaticFacts facts) =>
        facts.ShapeOf(node.Input(1)) is { Length: >= 2 } b && a.Length >= 2
            ? [.. BroadcastShapes(a[..^2], b[..^2], facts), a[^2], b[^1]]
            : null;
}
