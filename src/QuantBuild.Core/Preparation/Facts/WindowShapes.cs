using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>
/// Shapes behind windows that slide: <c>⌊(input + pads − (dilation·(kernel − 1) + 1)) / stride⌋ + 1</c> per spatial axis, and
/// <c>⌈input / stride⌉</c> with automatic padding.
/// </summary>
internal static class WindowShapes
{
    public static SymbolicInteger[]? Conv(OnnxNode node, SymbolicInteger[] x, StaticFacts facts) =>
        facts.ShapeOf(node.Input(1)) is { } weight && weight.Length == x.Length && x.Length > 2
            ? Slide(node, x, weight[0], weight[2..], facts)
            : null;

    public static SymbolicInteger[]? Pool(OnnxNode node, SymbolicInteger[] x, StaticFacts facts) =>
        node.GetInts("kernel_shape") is { } kernel && kernel.Count == x.Length - 2
            ? Slide(node, x, x[1], [.. kernel], facts)
            : null;

    private static SymbolicInteger[] Slide(
        OnnxNode node, SymbolicInteger[] x, SymbolicInteger channels, SymbolicInteger[] kernel, StaticFacts facts)
    {
        int axes = x.Length - 2;
        IReadOnlyList<long>? strides = node.GetInts("strides");
        IReadOnlyList<long>? dilations = node.GetInts("dilations");
        IReadOnlyList<long>? pads = node.GetInts("pads");
        string automatic = node.GetString("auto_pad", "NOTSET");
        SymbolicInteger[] result = [x[0], channels, .. facts.NewShape(axes)];
        if (node.GetInt("ceil_mode", 0) != 0
            || (strides?.Count ?? axes) != axes
            || (dilations?.Count ?? axes) != axes
            || (pads?.Count ?? 2 * axes) != 2 * axes)
            return result;
        for (int i = 0; i < axes; i++)
        {
            long stride = strides?[i] ?? 1;
            if (!x[i + 2].IsKnown || !kernel[i].IsKnown || stride < 1)
                continue;
            long input = x[i + 2].Value;
            long window = ((dilations?[i] ?? 1) * (kernel[i].Value - 1)) + 1;
            long padding = automatic == "NOTSET" && pads is not null ? pads[i] + pads[i + axes] : 0;
            if (automatic.StartsWith("SAME", StringComparison.Ordinal))
                result[i + 2] = ((input - 1) / stride) + 1;
            else if (input + padding >= window)
                result[i + 2] = ((input + padding - window) / stride) + 1;
        }
        return result;
    }
}
