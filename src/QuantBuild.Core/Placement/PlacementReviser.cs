using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Placement;

/// <summary>Makes the plan again when the calibration samples showed values that it cannot hold.</summary>
internal static class PlacementReviser
{
    /// <param name="seen">By name, every activation of the plan; tied ones are seen as what they are tied to.</param>
    /// <param name="notFinite">Activations that hold <c>NaN</c> or <c>infinite values</c> for some sample.</param>
    /// <param name="whyFloat">Further reasons against nodes; null for a node without one.</param>
    /// <returns>The plan itself when it holds.</returns>
    public static PlacementPlan Revise(
        PlacementPlan plan,
        OnnxGraph graph,
        TensorFacts facts,
        IReadOnlyDictionary<string, StreamingHistogram> seen,
        IReadOnlyDictionary<string, string> notFinite,
        QuantizationSettings settings,
        DiagnosticOrigin origin,
        DiagnosticBag problems,
        Func<PlannedNode, string?>? whyFloat = null)
    {
        PlacementRevision revision = Judge(plan, graph, seen, notFinite, whyFloat);
        if (revision.IsEmpty)
            return plan;
        string[] nans = [.. plan.Activations.Select(activation => activation.Value).Where(value => notFinite.GetValueOrDefault(value) == "NaN")];
        if (nans.Length > 0)
            problems.Add(DiagnosticCatalogue.ComputesNaN.At(origin, nans[0], nans.Length == 1 ? "" : $" and {nans.Length - 1} more"));
        return PlacementPlanner.Plan(graph, facts, settings, origin, problems, revision);
    }

    internal static PlacementRevision Judge(
        PlacementPlan plan,
        OnnxGraph graph,
        IReadOnlyDictionary<string, StreamingHistogram> seen,
        IReadOnlyDictionary<string, string> notFinite,
        Func<PlannedNode, string?>? whyFloat = null)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (PlannedActivation activation in plan.Activations)
            if (WhyNot(activation, values, seen, notFinite) is { } reason)
                values.Add(activation.Value, reason);
        var nodes = new Dictionary<OnnxNode, string>();
        foreach (PlannedNode node in plan.Nodes)
            if ((MixedParts.WhyNot(node, plan, graph, seen) ?? VanishingSide.WhyNot(node, graph, seen) ?? whyFloat?.Invoke(node)) is { } reason)
                nodes.Add(node.Node, reason);
        return new PlacementRevision(values, nodes);
    }

    /// <remarks>What is tied holds the values of what it is tied to, which stands before it.</remarks>
    private static string? WhyNot(
        PlannedActivation activation,
        Dictionary<string, string> values,
        IReadOnlyDictionary<string, StreamingHistogram> seen,
        IReadOnlyDictionary<string, string> notFinite)
    {
        if (activation.TiedTo is { } tied)
            return values.GetValueOrDefault(tied);
        if (notFinite.TryGetValue(activation.Value, out string? what))
            return $"holds {what} for some calibration sample";
        StreamingHistogram histogram = seen[activation.Value];
        if (histogram.Total == 0)
            return "is empty for every calibration sample";
        return DistantExtremes.AreIn(histogram) ? "has values so far from all others that no 8-bit range serves both" : null;
    }
}
