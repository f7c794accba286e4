using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Placement;

/// <summary>Chooses the nodes that run in integers: those for which the runtime has a kernel, and around them those that keep data in integers.</summary>
internal static class PlacementPlanner
{
    /// <summary>In the order in which they are asked.</summary>
    private static readonly IPlacementRule[] Rules =
        [new ConvolutionRule(), new GemmRule(), new MatMulRule(), new ElementwiseRule(), new DataMovementRule()];

    public static PlacementPlan Plan(
        OnnxGraph graph, TensorFacts facts, QuantizationSettings settings, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        NodeExclusion exclusion = NodeExclusion.From(settings, graph, origin, problems);
        if (settings.Scheme != QuantizationScheme.Static)
            return Nothing(graph, exclusion, $"Scheme={settings.Scheme} computes in float");
        PlacementPlan plan = Plan(graph, facts, exclusion);
        if (plan.Nodes.Count == 0)
            problems.Add(DiagnosticCatalogue.NothingToQuantize.At(origin, origin.Model, Reasons(plan)));
        return plan;
    }

    /// <summary>Every graph of the model by itself: the main one, then the bodies in it.</summary>
    public static PlacementPlan Plan(OnnxGraph graph, TensorFacts facts, NodeExclusion exclusion) =>
        PlanBuilder.Join([.. graph.WithBodies.Select(part => PlanOne(part, facts, exclusion))]);

    private static PlacementPlan PlanOne(OnnxGraph graph, TensorFacts facts, NodeExclusion exclusion)
    {
        var context = new PlacementContext(graph, facts);
        var verdicts = new Dictionary<OnnxNode, PlacementVerdict>();
        foreach (OnnxNode node in graph.Nodes)
            verdicts.Add(node, Judge(node, context, exclusion));

        HashSet<OnnxNode> accepted = AcceptForward(graph, verdicts);
        RejectFollowersNobodyReads(graph, verdicts, accepted);
        QuantizeOutputsReadBothWays(graph, verdicts, accepted);
        return PlanBuilder.Build(graph, verdicts, accepted, exclusion);
    }

    private static PlacementPlan Nothing(OnnxGraph graph, NodeExclusion exclusion, string reason) => new(
        [],
        [],
        [.. graph.WithBodies.SelectMany(part => part.Nodes).Select(node => new FloatNode(node.DisplayName, node.OpType, reason))],
        graph.WithBodies.SelectMany(exclusion.WeightsOf).ToHashSet(StringComparer.Ordinal));

    /// <summary>Every reason with the operators that it holds for, the most common one first.</summary>
    private static string Reasons(PlacementPlan plan) => plan.FloatNodes.Count == 0 ? "it has no nodes" : string.Join("; ", plan.FloatNodes
        .GroupBy(node => node.Reason, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count())
        .Select(group => $"{string.Join(", ", group.Select(node => node.OpType).Distinct(StringComparer.Ordinal))}: {group.Key}"));

    private static PlacementVerdict Judge(OnnxNode node, PlacementContext context, NodeExclusion exclusion)
    {
        if (exclusion.ReasonFor(node) is { } excluded)
            return PlacementVerdict.Float(excluded);
        if (node.Subgraphs.Count > 0)
            return PlacementVerdict.Float("it computes nothing itself: the nodes in its body are listed by themselves");
        if (context.Graph.Outer is not null && Array.Exists(Rules, covering => covering.Covers(node)) && WasNeverSeen(node, context))
            return PlacementVerdict.Float(
                "its values were never seen: no sample reached this branch or loop, or their shapes change from one iteration to the next");
        IPlacementRule? rule = Array.Find(Rules, rule => rule.Covers(node));
        PlacementVerdict? verdict = rule?.Judge(node, context);
        string?[] constants = [verdict?.Candidate?.Weight?.Initializer, verdict?.Candidate?.Bias?.Initializer];
        if (constants.Any(constant => context.Graph.InitializerOf(constant) is { HasValuesThatAreNotFinite: true }))
            return PlacementVerdict.Float("its constants hold NaN or infinities");
        if (verdict?.Candidate is { } candidate && candidate.Absorbed.Any(absorbed => exclusion.ReasonFor(absorbed) is not null))
            return verdict with { Candidate = candidate.WithoutAbsorbed() };
        return verdict ?? PlacementVerdict.Float("the runtime has no integer kernel for this operator");
    }

    private static bool WasNeverSeen(OnnxNode node, PlacementContext context) =>
        node.Inputs.Append(node.Outputs[0]).Any(value =>
            value.Length > 0 && context.Graph.IsOwn(value) && !context.Graph.IsConstant(value) && context.Facts.Of(value) is null
            && ElementTypes.Of(context.Graph, value) is null or OnnxElementType.Float);

    /// <summary>A follower is accepted when everything that it reads comes in integers.</summary>
    private static HashSet<OnnxNode> AcceptForward(OnnxGraph graph, Dictionary<OnnxNode, PlacementVerdict> verdicts)
    {
        var accepted = new HashSet<OnnxNode>();
        var integers = new HashSet<string>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            PlacementVerdict verdict = verdicts[node];
            if (verdict.Candidate is not { } candidate)
                continue;
            if (verdict.Follows == FollowsInput.Yes && !candidate.ActivationInputs.All(input => integers.Contains(node.Inputs[input])))
            {
                verdicts[node] = PlacementVerdict.Float("not all of its inputs come in integers");
                continue;
            }
            accepted.Add(node);
            if (candidate.QuantizesOutput)
                integers.Add(candidate.Output);
        }
        return accepted;
    }

    /// <summary>Backwards, a follower that only float nodes read would lose accuracy for nothing.</summary>
    private static void RejectFollowersNobodyReads(
        OnnxGraph graph, Dictionary<OnnxNode, PlacementVerdict> verdicts, HashSet<OnnxNode> accepted)
    {
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            if (!accepted.Contains(node) || verdicts[node].Follows == FollowsInput.No)
                continue;
            string output = verdicts[node].Candidate!.Output;
            if (graph.ConsumersOf(output).Any(reader => accepted.Contains(reader) && Reads(verdicts[reader].Candidate!, output)))
                continue;
            accepted.Remove(node);
            verdicts[node] = PlacementVerdict.Float("nothing behind it runs in integers");
        }
    }

    /// <summary>The runtime fuses a product when its output goes one way: all of it into floats, or all of it through one QuantizeLinear.</summary>
    private static void QuantizeOutputsReadBothWays(
        OnnxGraph graph, Dictionary<OnnxNode, PlacementVerdict> verdicts, HashSet<OnnxNode> accepted)
    {
        foreach (OnnxNode node in graph.Nodes.Where(accepted.Contains))
        {
            PlannedNode candidate = verdicts[node].Candidate!;
            ILookup<bool, OnnxNode> readers = graph.ConsumersOf(candidate.Output)
                .ToLookup(reader => accepted.Contains(reader) && Reads(verdicts[reader].Candidate!, candidate.Output));
            if (readers.Contains(true) && (readers.Contains(false) || graph.IsOutput(candidate.Output)))
                verdicts[node] = verdicts[node] with { Candidate = candidate with { QuantizesOutput = true } };
        }
    }

    private static bool Reads(PlannedNode node, string value) => node.ActivationInputs.Any(input => node.Node.Inputs[input] == value);
}
