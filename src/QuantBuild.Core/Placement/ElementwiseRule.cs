using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Operators that have an integer kernel with scales of their own for every input and output: additions of branches, gates, concatenations, averages.</summary>
internal sealed class ElementwiseRule : IPlacementRule
{
    private static readonly SortedDictionary<string, string[]> Kernels = new(StringComparer.Ordinal)
    {
        ["Add"] = ["QLinearAdd"],
        ["Mul"] = ["QLinearMul"],
        ["Concat"] = ["QLinearConcat"],
        ["AveragePool"] = ["QLinearAveragePool"],
        ["GlobalAveragePool"] = ["QLinearGlobalAveragePool"],
    };

    public bool Covers(OnnxNode node) => node.Domain.Length == 0 && Kernels.ContainsKey(node.OpType);

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        if (node.Inputs.Any(context.Graph.IsConstant))
            return PlacementVerdict.Float("one of its inputs is a constant");
        if (!node.Inputs.All(context.Facts.IsFloat))
            return PlacementVerdict.Float("its inputs are not float32");
        OnnxNode? activation = AbsorbedActivation.Behind(node.Outputs[0], context.Graph);
        return PlacementVerdict.Follower(
            new PlannedNode(
                node,
                Kernels[node.OpType],
                [.. Enumerable.Range(0, node.Inputs.Count)],
                null,
                null,
                activation is null ? [] : [activation],
                activation?.Outputs[0] ?? node.Outputs[0],
                QuantizesOutput: true),
            tied: null);
    }
}
