using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>HardSigmoid becomes a QLinearAdd whose saturation cuts, and with the Mul behind it a HardSwish.</summary>
/// <remarks>The runtime has no integer kernel for HardSigmoid. The addition is as exact as the codes it reads and gives, and faster than
/// going through floats.</remarks>
internal sealed class HardSigmoidRule : IPlacementRule
{
    private static readonly string[] Kernels = ["QLinearAdd"];

    public bool Covers(OnnxNode node) => node.Is("HardSigmoid");

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        if (!context.Facts.IsFloat(node.Inputs[0]))
            return PlacementVerdict.Float("its input is not float32");
        (float slope, float offset) = Line(node);
        return slope > 0 && offset > 0 && float.IsFinite(offset / slope)
            ? PlacementVerdict.Follower(
                new PlannedNode(node, Kernels, [0], null, null, [], node.Outputs[0], QuantizesOutput: true)
                {
                    WrittenAs = new SaturatingSum(offset / slope, slope),
                },
                tied: null)
            : PlacementVerdict.Float("its slope or its offset is not positive");
    }

    /// <summary>Where a value ends to matter whose readers are HardSigmoids, or their products with the value itself: below, both are zero;
    /// above, a HardSigmoid is one.</summary>
    public static ReadBounds? BoundsOf(string value, OnnxGraph graph, IReadOnlyList<PlannedNode> nodes)
    {
        if (graph.IsOutput(value) || !graph.ConsumersOf(value).Any(reader => reader.Is("HardSigmoid")))
            return null;
        PlannedNode[] readers = [.. graph.ConsumersOf(value)
            .Select(reader => nodes.FirstOrDefault(node => node.Node == reader)).OfType<PlannedNode>()];
        PlannedNode[] gates = [.. readers.Where(reader => reader.WrittenAs is not null)];
        PlannedNode[] products = [.. readers.Except(gates).Where(reader => reader.Node.Is("Mul")
            && IsProductOf(reader.Node, value, gates))];
        if (gates.Length == 0 || gates.Length + products.Length != graph.ConsumersOf(value).Count)
            return null;
        return new ReadBounds(
            gates.Min(gate => -gate.WrittenAs!.Shift),
            products.Length > 0 ? float.PositiveInfinity : gates.Max(gate => (1 / gate.WrittenAs!.Slope) - gate.WrittenAs.Shift));
    }

    private static bool IsProductOf(OnnxNode product, string value, PlannedNode[] gates) =>
        product.Inputs.Any(input => input == value) && Array.Exists(gates, gate => product.Inputs.Contains(gate.Output));

    private static (float Slope, float Offset) Line(OnnxNode node) => (node.GetFloat("alpha", 0.2f), node.GetFloat("beta", 0.5f));
}
