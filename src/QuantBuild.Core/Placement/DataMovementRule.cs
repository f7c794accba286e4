using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Operators that move or choose values without computing: they run on the codes themselves, with the parameters of their input.</summary>
internal sealed class DataMovementRule : IPlacementRule
{
    private static readonly HashSet<string> Operators = new(StringComparer.Ordinal)
    {
        "MaxPool", "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Expand", "DepthToSpace",
    };

    public bool Covers(OnnxNode node) => node.Domain.Length == 0 && Operators.Contains(node.OpType);

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        if (!context.Facts.IsFloat(node.Inputs[0]) || context.Graph.IsConstant(node.Inputs[0]))
            return PlacementVerdict.Float("it moves no float32 activation");
        if (node.Outputs.Skip(1).Any(output => output.Length > 0))
            return PlacementVerdict.Float("it has a second output");
        return PlacementVerdict.Follower(
            new PlannedNode(node, [node.OpType], [0], null, null, [], node.Outputs[0], QuantizesOutput: true),
            tied: node.Inputs[0]);
    }
}
