using System.Globalization;
using QuantBuild.Numerics;
using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>
/// Parts of so different ranges that one scale ruins the smaller, as a detector joins scores of 0 to 1 to boxes in pixels:
/// <code>
/// Concat(boxes [0, 640], scores [0, 1])  ─  output
/// </code>
/// It matters where somebody reads the joined values as floats. A kernel that reads them needs one scale for all anyway.
/// </summary>
internal static class MixedParts
{
    /// <summary>With fewer the part keeps less than 5 bits, about 30 dB, and its rounding outweighs what all layers before it lost.</summary>
    private const int FewestCodes = 32;

    private const int Steps = 255;

    /// <returns>Null when the node joins nothing, or parts that go together.</returns>
    public static string? WhyNot(PlannedNode node, PlacementPlan plan, OnnxGraph graph, IReadOnlyDictionary<string, StreamingHistogram> seen)
    {
        if (!node.Node.Is("Concat") || !IsReadInFloat(node.Output, plan, graph))
            return null;
        double step = WidthOf(seen[node.Output]) / Steps;
        foreach (int input in node.ActivationInputs)
        {
            double width = WidthOf(seen[node.Node.Inputs[input]]);
            if (width > 0 && width < FewestCodes * step)
                return string.Create(
                    CultureInfo.InvariantCulture, $"one scale for all of its parts would leave '{node.Node.Inputs[input]}' {Math.Ceiling(width / step)} of 256 codes");
        }
        return null;
    }

    /// <summary>By an output of the graph or by a node that stays float, moved or not.</summary>
    private static bool IsReadInFloat(string value, PlacementPlan plan, OnnxGraph graph)
    {
        if (graph.IsOutput(value))
            return true;
        foreach (OnnxNode reader in graph.ConsumersOf(value))
        {
            PlannedNode? planned = plan.Nodes.FirstOrDefault(node => node.Node == reader && node.ActivationInputs.Any(input => reader.Inputs[input] == value));
            if (planned is null)
                return true;
            string[] moved = [.. plan.Activations.Where(activation => activation.TiedTo == value && planned.Outputs.Contains(activation.Value))
                .Select(activation => activation.Value)];
            if (moved.Any(part => IsReadInFloat(part, plan, graph)))
                return true;
        }
        return false;
    }

    private static double WidthOf(StreamingHistogram histogram) =>
        histogram.Total == 0 ? 0 : (double)Math.Max(histogram.Maximum, 0) - Math.Min(histogram.Minimum, 0);
}
