using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>A constant that stands in place of an activation.</summary>
internal static class ConstantOperand
{
    /// <summary>A factor must have so many steps, or its rounding changes what it multiplies by more than a thirtieth.</summary>
    private const int FewestStepsOfAFactor = 16;

    private const int Steps = 255;

    /// <summary>Larger ones are not looked at.</summary>
    private const long MostFilled = 1 << 22;

    /// <returns>An initializer, or what a ConstantOfShape fills; null for an activation.</returns>
    public static OnnxTensor? Of(string value, OnnxGraph graph)
    {
        if (graph.InitializerOf(value) is { } constant)
            return constant;
        if (graph.ProducerOf(value) is not { } filler || !filler.Is("ConstantOfShape")
            || graph.InitializerOf(filler.Inputs[0]) is not { ElementType: OnnxElementType.Int64 } stored)
            return null;
        long[] shape = stored.ToInt64Array();
        OnnxTensor fill = filler.GetTensor("value") ?? OnnxTensor.Float([1], [0]);
        if (fill.ElementType != OnnxElementType.Float || shape.Aggregate(1L, (length, dimension) => Math.Min(length, MostFilled + 1) * dimension) is < 1 or > MostFilled)
            return null;
        var values = new float[shape.Aggregate(1L, (length, dimension) => length * dimension)];
        Array.Fill(values, fill.Floats[0]);
        return OnnxTensor.Float(shape, values);
    }

    /// <returns>Null when 255 equal steps serve the constant.</returns>
    public static string? WhyNot(OnnxNode node, OnnxTensor constant)
    {
        if (constant.Length == 0)
            return "one of its inputs is an empty constant";
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
