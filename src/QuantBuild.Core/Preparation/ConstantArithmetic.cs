using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>Add, Sub, Mul or Div of an activation and a float32 constant: a line <c>y = factor · x + offset</c> per element of the
/// constant.</summary>
/// <param name="Value">The activation.</param>
internal sealed record ConstantArithmetic(OnnxNode Node, string Value, OnnxTensor Constant, bool ConstantFirst)
{
    /// <summary>The line when the constant is one number; null when it is more, or no line.</summary>
    public (double Factor, double Offset)? Line => Constant.Length == 1 ? At(0) : null;

    public static ConstantArithmetic? Of(OnnxGraph graph, OnnxNode? node)
    {
        if (node is not { Domain: "", OpType: "Add" or "Sub" or "Mul" or "Div" })
            return null;
        (OnnxTensor? first, OnnxTensor? second) = (graph.InitializerOf(node.Inputs[0]), graph.InitializerOf(node.Inputs[1]));
        return (first ?? second) is { ElementType: OnnxElementType.Float } constant && (first is null || second is null)
            ? new ConstantArithmetic(node, node.Inputs[first is null ? 0 : 1], constant, first is not null)
            : null;
    }

    /// <returns>Null for a constant that is divided by the activation, which is no line.</returns>
    public (double Factor, double Offset)? At(int index)
    {
        double constant = Constant.Floats[index];
        return (Node.OpType, ConstantFirst) switch
        {
            ("Add", _) => (1, constant),
            ("Sub", false) => (1, -constant),
            ("Sub", true) => (-1, constant),
            ("Mul", _) => (constant, 0),
            ("Div", false) => (1 / constant, 0),
            _ => null,
        };
    }
}
