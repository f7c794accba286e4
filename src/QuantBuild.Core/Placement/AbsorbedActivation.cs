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

    /// <summary>A product (Gemm, MatMul) whose only reader is a Relu or Clip.</summary>
    /// <remarks>The runtime takes product and activation as one and then looks for the QuantizeLinear behind them: without it, neither fuses
    /// (measured). So the activation is absorbed and the output quantized, or the product stays float.</remarks>
    public static PlacementVerdict Product(PlannedNode product, OnnxGraph graph)
    {
        if (graph.IsOutput(product.Output) || graph.ConsumersOf(product.Output) is not [{ Domain: "", OpType: "Relu" or "Clip" }])
            return PlacementVerdict.Anchor(product);
        return Behind(product.Output, graph) is { } activation
            ? PlacementVerdict.Anchor(product with
            {
                Absorbed = [.. product.Absorbed, activation], Output = activation.Outputs[0], QuantizesOutput = true,
            })
            : PlacementVerdict.Float("the Clip behind it leaves out zero, so that the runtime fuses neither");
    }

    /// <summary>Where the Clip cuts that <paramref name="node"/> absorbed; null when it absorbed none.</summary>
    public static ReadBounds? BoundsIn(PlannedNode node, OnnxGraph graph) =>
        node.Absorbed.LastOrDefault(absorbed => absorbed.Is("Clip")) is { } clip
            ? new ReadBounds(Bound(clip, 1, float.NegativeInfinity, graph)!.Value, Bound(clip, 2, float.PositiveInfinity, graph)!.Value)
            : null;

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
