using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Values that the body of an If, Loop or Scan reads from around it.</summary>
/// <remarks>The runtime carries a DequantizeLinear on behind operators that only move data. Where such an operator is captured by a body, it
/// ends the process (ONNX Runtime 1.29: the body's reading has no place in its list of inputs). So the operator gives integers of its
/// own, with the DequantizeLinear behind it; and where it cannot, nothing in front of it gives integers.</remarks>
internal static class CapturedValues
{
    public static bool IsCaptured(string value, OnnxGraph graph) =>
        graph.ConsumersOf(value).Any(reader => reader.Subgraphs.Any(body => body.CapturedNames().Contains(value)));

    /// <summary>Operators that move data, and that alone, on the way to a body.</summary>
    public static IReadOnlySet<OnnxNode> MoversBefore(OnnxGraph graph)
    {
        var movers = new HashSet<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes.Reverse())
            if (DataMovementRule.Moves(node)
                && node.Outputs.Any(output => IsCaptured(output, graph) || graph.ConsumersOf(output).Any(movers.Contains)))
                movers.Add(node);
        return movers;
    }

    /// <summary>Keeps the nodes float that are in front of captured operators which move data in float.</summary>
    public static void KeepFloatBefore(OnnxGraph graph, Dictionary<OnnxNode, PlacementVerdict> verdicts)
    {
        var movers = new HashSet<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            bool isMover = DataMovementRule.Moves(node);
            PlannedNode? candidate = verdicts[node].Candidate;
            string output = candidate?.Output ?? node.Outputs[0];
            bool feedsMover = graph.ConsumersOf(output).Any(movers.Contains);
            if (candidate is not null && feedsMover)
                verdicts[node] = PlacementVerdict.Float("a body reads what it gives through an operator that moves floats");
            if (isMover && (feedsMover || (candidate is null && IsCaptured(output, graph))))
                movers.Add(node);
        }
    }
}
