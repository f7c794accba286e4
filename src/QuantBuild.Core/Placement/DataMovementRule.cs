using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Operators that move, choose or compare values without computing: they run on the codes themselves, with the parameters of
/// their input.</summary>
internal sealed class DataMovementRule : IPlacementRule
{
    public static bool Moves(OnnxNode node) => FusionCatalogue.Of(node) is { Parameters: OutputParameters.OfInput };

    public bool Covers(OnnxNode node) => Moves(node) || FusionCatalogue.Of(node) is { Gives: KernelOutput.Indices };

    public PlacementVerdict Judge(OnnxNode node, PlacementContext context)
    {
        FusionRow row = FusionCatalogue.Of(node)!;
        if (!context.Facts.IsFloat(node.Inputs[0]) || context.Graph.IsConstant(node.Inputs[0]))
            return PlacementVerdict.Float("it moves no float32 activation");
        if (WhyNot(node, context.Graph) is { } reason)
            return PlacementVerdict.Float(reason);
        var planned = new PlannedNode(
            node, row.Kernels, [0], null, null, [], node.Outputs[0], QuantizesOutput: row.Gives == KernelOutput.Codes)
        {
            FurtherOutputs = [.. node.Outputs.Skip(1)],
            GivesIndices = row.Gives == KernelOutput.Indices,
        };
        return PlacementVerdict.Follower(planned, tied: planned.GivesIndices ? null : node.Inputs[0]);
    }

    private static string? WhyNot(OnnxNode node, OnnxGraph graph) => node.OpType switch
    {
        "Split" => node.Outputs.All(output => graph.IsOutput(output) || graph.ConsumersOf(output).Count > 0) ? null : "nobody reads one of its parts",
        "Resize" => node.GetString("mode", "nearest") == "nearest" && node.GetString("coordinate_transformation_mode", "") != "tf_crop_and_resize"
            ? null
            : "the runtime interpolates in float only",
        _ => node.Outputs.Skip(1).Any(output => output.Length > 0) ? "it has a second output" : null,
    };
}
