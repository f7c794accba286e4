using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Whether 255 equal steps serve a constant that stands in place of an activation.</summary>
internal static class ConstantOperand
{
    /// <summary>A factor must have so many steps, or its rounding changes what it multiplies by more than a thirtieth.</summary>
    private const int FewestStepsOfAFactor = 16;

    private const int Steps = 255;

    /// <returns>Null when they do.</returns>
    public static string? WhyNot(OnnxNode node, OnnxTensor? constant)
    {
        if (constant is not { ElementType: OnnxElementType.Float, Length: > 0 })
            return "one of its inputs is a constant that is not float32";
        if (!node.Is("Mul"))
            return null;
        float largest = 0;
        foreach (float value in constant.Floats)
            largest = Math.Max(largest, Math.Abs(value));
        foreach (float value in constant.Floats)
            if (value != 0 && Math.Abs(value) < largest * FewestStepsOfAFactor / Steps)
                return "its factors are too far apart for one scale";
        return null;
    }
}
