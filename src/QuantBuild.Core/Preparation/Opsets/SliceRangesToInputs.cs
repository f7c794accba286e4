using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 1:  Slice(x; starts, ends, axes)         absent axes: the first ones, in order
/// 10: Slice(x, starts, ends, axes, steps)  absent axes: the same; absent steps: 1
/// </code>
/// </summary>
internal sealed class SliceRangesToInputs : IOpsetConverter
{
    public string OpType => "Slice";

    public int Opset => 10;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (node.GetInts("starts") is not { } starts || node.GetInts("ends") is not { } ends)
            return "it lacks starts or ends";
        List<string> inputs = [node.Inputs[0], context.AddInt64s(node, "starts", starts), context.AddInt64s(node, "ends", ends)];
        if (node.GetInts("axes") is { } axes)
            inputs.Add(context.AddInt64s(node, "axes", axes));
        context.Editor.SetInputs(node, inputs);
        node.RemoveAttribute("starts");
        node.RemoveAttribute("ends");
        node.RemoveAttribute("axes");
        return null;
    }
}
