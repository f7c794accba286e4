using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 2, 11: Split(x; axis, split)   absent split: equal parts, one per output
/// 13:    Split(x, split; axis)   absent split: the same
/// </code>
/// </summary>
internal sealed class SplitSizesToInput : IOpsetConverter
{
    public string OpType => "Split";

    public int Opset => 13;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (node.GetInts("split") is not { } sizes)
            return null;
        context.Editor.SetInputs(node, node.Inputs[0], context.AddInt64s(node, "split", sizes));
        node.RemoveAttribute("split");
        return null;
    }
}
