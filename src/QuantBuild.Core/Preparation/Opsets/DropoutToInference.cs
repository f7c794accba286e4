using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 7:  Dropout(x; ratio = 0.5)  →  y, mask of the type of x
/// 10: Dropout(x; ratio = 0.5)  →  y, mask of bool
/// </code>
/// Only the mask differs.
/// </summary>
internal sealed class DropoutMaskToBool : IOpsetConverter
{
    public string OpType => "Dropout";

    public int Opset => 10;

    public string? Convert(OnnxNode node, ConversionContext context) =>
        DropoutMask.IsRead(node, context.Graph) ? "its mask is read, whose type changed to bool" : null;
}

/// <summary>
/// <code>
/// 10: Dropout(x; ratio = 0.5)                           in inference: y = x, the runtime's mask is all false
/// 12: Dropout(x, ratio = 0.5, training_mode = false)    without training_mode: y = x, mask all true
/// </code>
/// The ratio has no effect in inference, and is dropped.
/// </summary>
internal sealed class DropoutRatioToInput : IOpsetConverter
{
    public string OpType => "Dropout";

    public int Opset => 12;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (DropoutMask.IsRead(node, context.Graph))
            return "its mask is read, whose values in inference changed from false to true";
        node.RemoveAttribute("ratio");
        return null;
    }
}

internal static class DropoutMask
{
    public static bool IsRead(OnnxNode node, OnnxGraph graph) =>
        node.Outputs.Skip(1).Any(mask => graph.IsOutput(mask) || graph.ConsumersOf(mask).Count > 0);
}
