using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 7: BatchNormalization(x, scale, B, mean, var; spatial = 1)   spatial = 0: parameters per element, not per channel
/// 9: BatchNormalization(x, scale, B, mean, var)                always per channel
/// </code>
/// </summary>
internal sealed class BatchNormalizationToSpatial : IOpsetConverter
{
    public string OpType => "BatchNormalization";

    public int Opset => 9;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (node.GetInt("spatial", 1) == 0)
            return "spatial=0 (parameters per element) was withdrawn";
        node.RemoveAttribute("spatial");
        return null;
    }
}
