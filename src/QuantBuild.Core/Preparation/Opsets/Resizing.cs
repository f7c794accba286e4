using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Opsets;

/// <summary>
/// <code>
/// 7: Upsample(x; mode, scales)
/// 9: Upsample(x, scales; mode)
/// </code>
/// </summary>
internal sealed class UpsampleScalesToInput : IOpsetConverter
{
    public string OpType => "Upsample";

    public int Opset => 9;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (node.GetFloats("scales") is not { } scales)
            return "it lacks scales";
        string input = context.Editor.AddInitializer($"{node.DisplayName}_scales", OnnxTensor.Float([scales.Count], [.. scales]));
        context.Editor.SetInputs(node, node.Inputs[0], input);
        node.RemoveAttribute("scales");
        return null;
    }
}

/// <summary>
/// <code>
/// 9:  Upsample(x, scales; mode)
/// 10: Resize(x, scales; mode)     Upsample is withdrawn
/// </code>
/// </summary>
internal sealed class UpsampleToResize : IOpsetConverter
{
    public string OpType => "Upsample";

    public int Opset => 10;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        context.Editor.SetOperator(node, "Resize");
        return null;
    }
}

/// <summary>
/// <code>
/// 10: Resize(x, scales; mode)
/// 11: Resize(x, roi, scales, sizes; mode, coordinate_transformation_mode = half_pixel, nearest_mode = round_prefer_floor, …)
/// </code>
/// At 10 the source of output i is i / scale (asymmetric), and for the mode "nearest" the runtime takes its floor where it enlarges and
/// its ceiling where it shrinks (<c>NearestMode::SIMPLE</c> of ONNX Runtime; the standard says nothing). Scales that are not constant
/// are taken to enlarge, which the check of the prepared model on real samples verifies.
/// </summary>
internal sealed class ResizeCoordinatesToAttributes : IOpsetConverter
{
    public string OpType => "Resize";

    public int Opset => 11;

    public string? Convert(OnnxNode node, ConversionContext context)
    {
        if (node.Input(1) is not { } scales)
            return "it lacks scales";
        float[] factors = context.Graph.InitializerOf(scales) is { ElementType: OnnxElementType.Float } constant
            ? constant.Floats.ToArray()
            : [];
        bool shrinks = factors.Any(factor => factor < 1);
        if (node.GetString("mode", "nearest") == "nearest")
        {
            if (shrinks && factors.Any(factor => factor > 1))
                return "it enlarges one axis and shrinks another by nearest neighbours, which rounds differently per axis";
            node.SetString("nearest_mode", shrinks ? "ceil" : "floor");
        }
        node.SetString("coordinate_transformation_mode", "asymmetric");
        context.Editor.SetInputs(node, node.Inputs[0], "", scales);
        return null;
    }
}
