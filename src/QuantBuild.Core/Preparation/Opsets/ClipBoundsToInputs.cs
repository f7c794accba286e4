using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 6:  Clip(x; min, max)   absent: −3.4028235e38 and 3.4028235e38, so that infinities become finite
/// 11: Clip(x, min, max)   absent: no bound
/// </code>
/// Both bounds are written, so that infinities stay clipped.
/// </summary>
internal sealed class ClipBoundsToInputs : IOpsetConverter
{
    public string OpType => "Clip";

    public int Opset => 11;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (context.AddScalar(node, "min", node.GetFloat("min", float.MinValue)) is not { } min
            || context.AddScalar(node, "max", node.GetFloat("max", float.MaxValue)) is not { } max)
            return "the element type of its input is not known";
        context.Editor.SetInputs(node, node.Inputs[0], min, max);
        node.RemoveAttribute("min");
        node.RemoveAttribute("max");
        return null;
    }
}
