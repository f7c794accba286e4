using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 9:  Scatter(data, indices, updates; axis = 0)
/// 11: ScatterElements(data, indices, updates; axis = 0)   the same under another name
/// </code>
/// </summary>
internal sealed class ScatterToScatterElements : IOpsetConverter
{
    public string OpType => "Scatter";

    public int Opset => 11;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        context.Editor.SetOperator(node, "ScatterElements");
        return null;
    }
}
