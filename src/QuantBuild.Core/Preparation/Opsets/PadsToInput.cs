using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 2:  Pad(x; mode, pads, value = 0)
/// 11: Pad(x, pads, value; mode)      absent value: 0
/// </code>
/// </summary>
internal sealed class PadsToInput : IOpsetConverter
{
    public string OpType => "Pad";

    public int Opset => 11;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (node.GetInts("pads") is not { } pads)
            return "it lacks pads";
        string? value = null;
        if (node.GetFloat("value", 0) is not 0 and var fill && (value = context.AddScalar(node, "value", fill)) is null)
            return "the element type of its input is not known";
        string padsInput = context.AddInt64s(node, "pads", pads);
        context.Editor.SetInputs(node, value is null ? [node.Inputs[0], padsInput] : [node.Inputs[0], padsInput, value]);
        node.RemoveAttribute("pads");
        node.RemoveAttribute("value");
        return null;
    }
}
