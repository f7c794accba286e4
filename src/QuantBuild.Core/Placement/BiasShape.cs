using QuantBuild.Onnx;

namespace QuantBuild.Placement;

internal static class BiasShape
{
    /// <summary>True for a float constant that adds one value per output channel: [N], [1,N], [1,1,N] ….</summary>
    public static bool Fits(OnnxTensor? bias, long channels) =>
        bias is { ElementType: OnnxElementType.Float, Rank: > 0 } && bias.Shape[^1] == channels && bias.Length == channels;
}
