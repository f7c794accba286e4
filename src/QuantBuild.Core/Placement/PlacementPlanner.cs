using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.Costs;
using QuantBuild.Placement.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Placement;

/// <summary>Chooses the nodes that run in integers: those for which the runtime has a kernel, and around them those that keep data in integers.</summary>
internal static class PlacementPlanner
{
    /// <summary>Part of the multiply-adds that are to be integers.</summary>
    private const double NearlyAll = 0.95;

    /// <summary>A graph that has less of its multiply-adds in integers is made of something else, and a few products would not change that.</summary>
    private const double Most = 0.75;

    private const string ChosenBySearch = "the search found it better in float";

    /// <summary>In the order in which they are asked.</summary>
    private static readonly IPlacementRule[] Rules =
        [new ConvolutionRule(), new GemmRule(), new MatMulRule(), new ElementwiseRule(), new DataMovementRule(), new HardSigmoidRule()];

    public static PlacementPlan Plan(
        OnnxGraph graph, TensorFacts facts, QuantizationSettings settings, DiagnosticOrigin origin, DiagnosticBag problems,
        PlacementRevision? revision = null)
    {
        NodeExclusion exclusion = NodeExclusion.From(settings, graph, origin, problems);
        PlacementPlan plan = settings.Scheme switch
        {
            QuantizationScheme.Static => PlanStatic(graph, facts, exclusion, settings, revision),
            QuantizationScheme.Dynamic => DynamicPlanner.Plan(graph, exclusion),
            _ => Nothing(graph, exclusion, $"Scheme={settings.Scheme} computes in float"),
        };
        if (settings.Granularity == Granularity.PerTensor)
            plan = plan.WithOneScalePerWeight();
        plan = LowBitPlanner.AddTo(plan, graph, facts, settings);
        if (settings is { Scheme: QuantizationScheme.Static or QuantizationScheme.Dynamic, Objective: QuantizationObjective.Size, Layers: null }
            && plan.Nodes.Count + plan.DynamicNodes.Count == 0)
            problems.Add(DiagnosticCatalogue.NothingToQuantize.At(origin, origin.Model, Reasons(plan), DynamicPlanner.Advice(plan)));
        return plan;
    }

    private static PlacementPlan PlanStatic(
        OnnxGraph graph, TensorFacts facts, NodeExclusion exclusion, QuantizationSettings settings, PlacementRevision? revision)
    {
        var costs = CostTable.Of(settings);
        PlacementPlan plan = Plan(graph, facts, exclusion, settings.Objective, revision, settings.Layers, costs);
        return costs.ComputesInFloat ? DynamicPlanner.AddChosen(plan, graph, exclusion, settings.Layers) : plan;
    }

    /// <summary>Every graph of the model by itself: the main one, then the bodies in it.</summary>
    /// <param name="objective">Null: everything that can run in integers does, whatever it costs.</param>
    /// <param name="revision">What calibration showed; null: nothing yet.</param>
    /// <param name="layers">What a search has chosen; null: nothing.</param>
    /// <param name="costs">Null: those of the default profile.</param>
    public static PlacementPlan Plan(
        OnnxGraph graph, TensorFacts facts, NodeExclusion exclusion, QuantizationObjective? objective = null, PlacementRevision? revision = null,
        LayerAssignment? layers = null, CostTable? costs = null) =>
        PlanBuilder.Join([.. graph.WithBodies.Select(part =>
            PlanOne(
                new PlacementContext(part, facts, revision ?? PlacementRevision.None),
                exclusion,
                objective,
                layers,
                costs ?? CostTable.Of(default(TargetProfile))))]);

    private static PlacementPlan PlanOne(
        PlacementContext context, NodeExclusion exclusion, QuantizationObjective? objective, LayerAssignment? layers, CostTable costs)
    {
        OnnxGraph graph = context.Graph;
        var verdicts = new Dictionary<OnnxNode, PlacementVerdict>();
        foreach (OnnxNode node in graph.Nodes)
            verdicts.Add(node, Judge(node, context, exclusion, layers));
        if (objective is { } wanted)
            LeaveToFloatWhatIsFasterThere(context, verdicts, keepsWeights: wanted != QuantizationObjective.Latency || !costs.ComputesInFloat, costs);
        CapturedValues.KeepFloatBefore(graph, verdicts);

        HashSet<OnnxNode> accepted = AcceptForward(graph, verdicts);
        RejectFollowersNobodyReads(graph, verdicts, accepted);
        QuantizeOutputsReadBothWays(graph, verdicts, accepted);
        return PlanBuilder.Build(graph, verdicts, accepted, exclusion);
    }

    private static PlacementPlan Nothing(OnnxGraph graph, NodeExclusion exclusion, string reason) => new(
        [],
        [],
        [.. graph.WithBodies.SelectMany(part => part.Nodes).Select(node => new FloatNode(node, reason))],
        graph.WithBodies.SelectMany(exclusion.WeightsOf).ToHashSet(StringComparer.Ordinal));

    /// <summary>Every reason with the operators that it holds for, the most common one first.</summary>
    private static string Reasons(PlacementPlan plan) => plan.FloatNodes.Count == 0 ? "it has no nodes" : string.Join("; ", plan.FloatNodes
        .Where(node => node.Reason != DynamicPlanner.NoKernel || plan.FloatNodes.All(other => other.Reason == DynamicPlanner.NoKernel))
        .GroupBy(node => node.Reason, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count())
        .Select(group => $"{string.Join(", ", group.Select(node => node.OpType).Distinct(StringComparer.Ordinal))}: {group.Key}"));

    private static PlacementVerdict Judge(OnnxNode node, PlacementContext context, NodeExclusion exclusion, LayerAssignment? layers)
    {
        if (exclusion.ReasonFor(node) is { } excluded)
            return PlacementVerdict.Float(excluded);
        if (layers?.Of(node.DisplayName) is { Kernel: not LayerKernel.Integer })
            return PlacementVerdict.Float(ChosenBySearch);
        if (context.Patterns.ReasonFor(node) is { } pattern)
            return PlacementVerdict.Float(pattern);
        if (node.Subgraphs.Count > 0)
            return PlacementVerdict.Float("it computes nothing itself: the nodes in its body are listed by themselves");
        if (context.Graph.Outer is not null && Array.Exists(Rules, covering => covering.Covers(node)) && WasNeverSeen(node, context))
            return PlacementVerdict.Float(
                "its values were never seen: no sample reached this branch or loop, or their shapes change from one iteration to the next");
        IPlacementRule? rule = Array.Find(Rules, rule => rule.Covers(node));
        PlacementVerdict? verdict = rule?.Judge(node, context);
        OnnxTensor?[] constants =
        [
            context.Graph.InitializerOf(verdict?.Candidate?.Weight?.Initializer),
            context.Graph.InitializerOf(verdict?.Candidate?.Bias?.Initializer),
            .. verdict?.Candidate?.Constants.Select(constant => constant.Tensor) ?? [],
        ];
        if (constants.Any(constant => constant is { HasValuesThatAreNotFinite: true }))
            return PlacementVerdict.Float("its constants hold NaN or infinities");
        if (verdict?.Candidate?.Absorbed.Select(context.Patterns.ReasonFor).FirstOrDefault(reason => reason is not null) is { } behind)
            return PlacementVerdict.Float($"the runtime merges it with what is behind it, {behind}");
        if (verdict?.Candidate is { } candidate && candidate.Absorbed.Any(absorbed => exclusion.ReasonFor(absorbed) is not null))
            verdict = verdict with { Candidate = candidate.WithoutAbsorbed() };
        if (verdict?.Candidate is { } planned && context.Revision.ReasonFor(planned) is { } revised)
            return PlacementVerdict.Float(revised);
        return verdict ?? PlacementVerdict.Float(FloatReasons.Of(node));
    }

    /// <param name="keepsWeights">True: that concerns nodes without weights only.</param>
    private static void LeaveToFloatWhatIsFasterThere(
        PlacementContext context, Dictionary<OnnxNode, PlacementVerdict> verdicts, bool keepsWeights, CostTable costs)
    {
        var model = new CostModel(costs, context.Graph, context.Facts);
        IReadOnlySet<OnnxNode> bound = CapturedValues.MoversBefore(context.Graph);
        IReadOnlyList<OnnxNode> staying = CheapestForms.StayingFloat(context.Graph, verdicts, model, keepsWeights);
        if (keepsWeights)
            staying = WithoutProductsThatCount(context, verdicts, staying);
        foreach (OnnxNode node in staying)
            if (!bound.Contains(node))
                verdicts[node] = PlacementVerdict.Float("with the conversions around it, it would take longer in integers");
    }

    /// <summary>Products of two activations that are a little faster in float run in integers all the same, the last ones of the graph, until nearly
    /// all multiply-adds of a graph whose products otherwise do are integers.</summary>
    private static IReadOnlyList<OnnxNode> WithoutProductsThatCount(
        PlacementContext context, Dictionary<OnnxNode, PlacementVerdict> verdicts, IReadOnlyList<OnnxNode> staying)
    {
        long total = context.Graph.Nodes.Sum(node => MultiplyAdds.Of(node, context.Facts));
        long integers = context.Graph.Nodes.Where(node => verdicts[node].Candidate is not null).Except(staying).Sum(node => MultiplyAdds.Of(node, context.Facts));
        if (integers < Most * total)
            return staying;
        var taken = new HashSet<OnnxNode>();
        foreach (OnnxNode node in staying.Reverse())
        {
            if (integers >= NearlyAll * total)
                break;
            if (verdicts[node].Candidate is { Weight: null, ActivationInputs.Count: 2 } && node.Is("MatMul"))
            {
                taken.Add(node);
                integers += MultiplyAdds.Of(node, context.Facts);
            }
        }
        return integers >= NearlyAll * total ? [.. staying.Where(node => !taken.Contains(node))] : staying;
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
                integers.UnionWith(candidate.Outputs);
        }
        return accepted;
    }

    /// <summary>Backwards, a follower that only float nodes read would lose accuracy for nothing.</summary>
    private static void RejectFollowersNobodyReads(
        OnnxGraph graph, Dictionary<OnnxNode, PlacementVerdict> verdicts, HashSet<OnnxNode> accepted)
    {
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            if (!accepted.Contains(node) || verdicts[node].Follows == FollowsInput.No || verdicts[node].Candidate!.GivesIndices)
                continue;
            PlannedNode candidate = verdicts[node].Candidate!;
            if (candidate.Outputs.Any(output =>
                    graph.ConsumersOf(output).Any(reader => accepted.Contains(reader) && Reads(verdicts[reader].Candidate!, output)))
                || (DataMovementRule.Moves(node) && CapturedValues.IsCaptured(candidate.Output, graph)))
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
            IReadOnlyList<OnnxNode> readers = graph.ConsumersOf(candidate.Output);
            bool goesOneWay = !graph.IsOutput(candidate.Output)
                && (readers.Count == 1 || readers.All(reader => ReadsIntegers(candidate.Output, reader)));
            if (!goesOneWay && readers.Any(reader => LeadsToIntegers(candidate.Output, reader)))
                verdicts[node] = verdicts[node] with { Candidate = candidate with { QuantizesOutput = true } };
        }

        bool ReadsIntegers(string value, OnnxNode reader) => accepted.Contains(reader) && Reads(verdicts[reader].Candidate!, value);

        // Through a Relu or Clip too: the runtime takes it out when its QuantizeLinear saturates as it does.
        bool LeadsToIntegers(string value, OnnxNode reader) => ReadsIntegers(value, reader)
            || ((reader.Is("Relu") || reader.Is("Clip"))
                && graph.ConsumersOf(reader.Outputs[0]).Any(next => LeadsToIntegers(reader.Outputs[0], next)));
    }

    private static bool Reads(PlannedNode node, string value) => node.ActivationInputs.Any(input => node.Node.Inputs[input] == value);
}
