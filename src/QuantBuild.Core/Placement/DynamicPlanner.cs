using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Placement;

/// <summary>Chooses the nodes of a model, bodies included, that run in integer kernels without calibration.</summary>
internal static class DynamicPlanner
{
    /// <summary>Holds for nearly all operators, so that a message tells the other reasons only.</summary>
    public const string NoKernel = "the runtime has no integer kernel for this operator that finds ranges at every run";

    private const string SlowConvolution = "with ranges that are found at every run, the integer kernel is five times slower than float (measured)";

    /// <summary>A sentence with a space before it, or nothing.</summary>
    public static string Advice(PlacementPlan plan) => plan.FloatNodes.Any(node => node.Reason == SlowConvolution)
        ? " Scheme=Static, with CalibrationData, runs convolutions in integers."
        : "";

    /// <summary>For <c>Scheme=Dynamic</c>: products and LSTM. Every other node is listed with its reason.</summary>
    public static PlacementPlan Plan(OnnxGraph main, NodeExclusion exclusion)
    {
        var dynamic = new List<DynamicNode>();
        var floats = new List<FloatNode>();
        foreach (OnnxGraph graph in main.WithBodies)
            foreach (OnnxNode node in graph.Nodes)
            {
                DynamicVerdict verdict = Judge(node, graph, exclusion);
                if (verdict.Node is { } planned)
                    dynamic.Add(planned);
                else
                    floats.Add(new FloatNode(node, verdict.Reason));
            }
        return new PlacementPlan([], [], floats, main.WithBodies.SelectMany(exclusion.WeightsOf).ToHashSet(StringComparer.Ordinal))
        {
            DynamicNodes = dynamic,
        };
    }

    /// <summary>For <c>Scheme=Static</c>: an LSTM has no kernel with calibrated ranges, and a search may have chosen nodes.</summary>
    /// <param name="layers">Null: nothing was chosen.</param>
    public static PlacementPlan AddChosen(PlacementPlan plan, OnnxGraph main, NodeExclusion exclusion, LayerAssignment? layers)
    {
        var verdicts = new Dictionary<OnnxNode, DynamicVerdict>();
        foreach (OnnxGraph graph in main.WithBodies)
            foreach (OnnxNode node in graph.Nodes.Where(node => layers?.Of(node.DisplayName) is { } form ? form.Kernel == LayerKernel.Dynamic : node.Is("LSTM")))
                verdicts.Add(node, Judge(node, graph, exclusion));
        return plan with
        {
            DynamicNodes = [.. verdicts.Values.Select(verdict => verdict.Node).OfType<DynamicNode>()],
            FloatNodes =
            [
                .. plan.FloatNodes
                    .Where(node => !verdicts.TryGetValue(node.Node, out DynamicVerdict? verdict) || verdict.Node is null)
                    .Select(node => verdicts.TryGetValue(node.Node, out DynamicVerdict? verdict) ? node with { Reason = verdict.Reason } : node),
            ],
        };
    }

    private static DynamicVerdict Judge(OnnxNode node, OnnxGraph graph, NodeExclusion exclusion)
    {
        if (exclusion.ReasonFor(node) is { } excluded)
            return DynamicVerdict.Float(excluded);
        if (node.Domain.Length > 0)
            return DynamicVerdict.Float("it is not a standard operator");
        DynamicVerdict verdict = node.OpType switch
        {
            "MatMul" or "Gemm" => DynamicProductRule.Judge(node, graph),
            "LSTM" => DynamicLstmRule.Judge(node, graph),
            "Conv" => DynamicVerdict.Float(SlowConvolution),
            _ => DynamicVerdict.Float(NoKernel),
        };
        return verdict.Node is { } planned && planned.Weights.Any(weight => graph.InitializerOf(weight.Initializer)!.HasValuesThatAreNotFinite)
            ? DynamicVerdict.Float("its constants hold NaN or infinities")
            : verdict;
    }
}
