using QuantBuild.Onnx;

namespace QuantBuild.Equalization;

internal static class Padding
{
    /// <summary>True for a Conv or pool that may see zeros around its input.</summary>
    public static bool Of(OnnxNode node) => node.GetString("auto_pad", "NOTSET") switch
    {
        "VALID" => false,
        "NOTSET" => node.GetInts("pads")?.Any(pad => pad != 0) == true || node.GetInt("ceil_mode", 0) != 0,
        _ => true,
    };
}
