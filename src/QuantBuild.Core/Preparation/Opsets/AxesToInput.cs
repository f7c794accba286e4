using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 11: Squeeze(x; axes)   Unsqueeze(x; axes)   ReduceSum(x; axes, keepdims)
/// 13: Squeeze(x, axes)   Unsqueeze(x, axes)   ReduceSum(x, axes; keepdims, noop_with_empty_axes = 0)
/// </code>
/// Absent axes mean the same in both. The other reductions keep the attribute until opset 18.
/// </summary>
internal sealed class AxesToInput(string opType) : IOpsetConverter
{
    public string OpType => opType;

    public int Opset => 13;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (node.GetInts("axes") is not { } axes)
            return null;
        context.Editor.SetInputs(node, node.Inputs[0], context.AddInt64s(node, "axes", axes));
        node.RemoveAttribute("axes");
        return null;
    }
}
