using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.Patterns;

namespace QuantBuild.Placement;

/// <summary>Says for one family of operators whether a node can run in an integer kernel of ONNX Runtime, or why not.</summary>
internal interface IPlacementRule
{
    bool Covers(OnnxNode node);

    PlacementVerdict Judge(OnnxNode node, PlacementContext context);
}

/// <summary>What rules look at.</summary>
internal sealed record PlacementContext(OnnxGraph Graph, TensorFacts Facts, PlacementRevision Revision)
{
    public FloatPatterns Patterns { get; } = FloatPatterns.Of(Graph);
}

/// <summary>Either a candidate or the reason to stay float.</summary>
internal sealed record PlacementVerdict(PlannedNode? Candidate, FollowsInput Follows, string? Tied, string Reason)
{
    public static PlacementVerdict Float(string reason) => new(null, FollowsInput.No, null, reason);

    /// <summary>A node that computes enough to be worth quantizing its inputs for.</summary>
    public static PlacementVerdict Anchor(PlannedNode node) => new(node, FollowsInput.No, null, "");

    /// <summary>A node that is only worth it between nodes that run in integers anyway.</summary>
    /// <param name="tied">The input whose parameters the output must share; null when it has its own.</param>
    public static PlacementVerdict Follower(PlannedNode node, string? tied) => new(node, FollowsInput.Yes, tied, "");
}

internal enum FollowsInput
{
    No,
    Yes,
}
