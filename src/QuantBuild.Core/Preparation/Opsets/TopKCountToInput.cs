using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 1:  TopK(x; k, axis)
/// 10: TopK(x, k; axis)
/// 11: TopK(x, k; axis, largest = 1, sorted = 1)   the defaults are what it always did
/// </code>
/// </summary>
internal sealed class TopKCountToInput : IOpsetConverter
{
    public string OpType => "TopK";

    public int Opset => 10;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (!node.HasAttribute("k"))
            return "it lacks k";
        context.Editor.SetInputs(node, node.Inputs[0], context.AddInt64s(node, "k", [node.GetInt("k", 0)]));
        node.RemoveAttribute("k");
        return null;
    }
}
