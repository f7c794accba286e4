using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>A Relu or Clip directly behind an integer kernel is done by the saturation of the kernel's output: the range of the quantized
/// output ends where the activation would cut. The node is then dropped, exactly.</summary>
internal static class AbsorbedActivation
{
    /// <returns>The activation behind <paramref name="value"/>, or null when it cannot be absorbed.</returns>
    public static OnnxNode? Behind(string value, OnnxGraph graph)
    {
        if (graph.IsOutput(value) || graph.ConsumersOf(value) is not [var consumer])
            return null;
        if (consumer.Is("Relu"))
            return consumer;
        return consumer.Is("Clip") && consumer.Inputs[0] == value && HoldsZero(consumer, graph) ? consumer : null;
    }

    /// <remarks>Zero is always representable, so a Clip that excludes zero must stay.</remarks>
    private static bool HoldsZero(OnnxNode clip, OnnxGraph graph) =>
        Bound(clip, 1, float.NegativeInfinity, graph) is <= 0 && Bound(clip, 2, float.PositiveInfinity, graph) is >= 0;

    private static float? Bound(OnnxNode clip, int input, float whenAbsent, OnnxGraph graph)
    {
        if (clip.Input(input) is not { } name)
            return whenAbsent;
        return graph.InitializerOf(name) is { ElementType: OnnxElementType.Float, Length: 1 } constant ? constant.Floats[0] : null;
    }
}
