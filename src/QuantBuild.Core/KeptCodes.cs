using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Takes what a finished model has over to a plan that keeps more of it in float: no weight is rounded again, no range chosen again.</summary>
internal static class KeptCodes
{
    /// <param name="draft">Of the same float model as <paramref name="made"/>.</param>
    public static Candidate For(Draft draft, MadeModel made, QuantizationSettings settings)
    {
        OnnxGraph graph = draft.Model.Graph;
        PlacementPlan plan = draft.Placement;
        PlacementPlan before = made.Precision.Placement;
        PrecisionPlan precision = Known(plan, made.Precision.Activations)
            ? new PrecisionPlan(plan, made.Precision.Activations)
            : PrecisionChooser.Choose(plan, draft.Table, settings.RangeEstimator, graph);
        PlannedNode[] fresh = [.. plan.Nodes.Where(node => node.Weight is not null && !made.Codes.Weights.ContainsKey(node.Weight))];
        DynamicNode[] freshDynamic = [.. plan.DynamicNodes.Where(node => IndexOf(before.DynamicNodes, node) < 0)];
        WeightCodes own = WeightQuantizer.Quantize(
            graph, precision with { Placement = plan with { Nodes = fresh, DynamicNodes = freshDynamic } }, settings.LowBits);
        var weights = plan.Nodes.Select(node => node.Weight).OfType<PlannedWeight>().Distinct()
            .ToDictionary(weight => weight, weight => made.Codes.Weights.TryGetValue(weight, out QuantizedWeight? known) ? known : own.Weights[weight]);
        var constants = plan.Nodes.SelectMany(node => node.Constants).DistinctBy(constant => constant.Value)
            .ToDictionary(
                constant => constant.Value,
                constant => made.Codes.Constants.GetValueOrDefault(constant.Value) ?? ConstantQuantizer.Quantize(constant.Tensor),
                StringComparer.Ordinal);
        Dictionary<int, float[]> corrections = Corrections(plan, before, made.Codes);
        var codes = new WeightCodes(weights, WeightQuantizer.QuantizeBiases(graph, precision, weights, corrections), constants)
        {
            BiasCorrections = corrections,
            Dynamic = [.. plan.DynamicNodes.Select(DynamicOf)],
            LowBits = StillNeeded(plan, made.Codes.LowBits),
        };
        return new Candidate(draft, precision, codes);

        IReadOnlyList<QuantizedWeight> DynamicOf(DynamicNode node)
        {
            int index = IndexOf(before.DynamicNodes, node);
            return index >= 0 ? made.Codes.Dynamic[index] : own.Dynamic[Array.IndexOf(freshDynamic, node)];
        }
    }

    /// <summary>True when every activation has parameters, and tied ones the same.</summary>
    private static bool Known(PlacementPlan plan, IReadOnlyDictionary<string, QuantizationParameters> known) => plan.Activations.All(activation =>
        known.TryGetValue(activation.Value, out QuantizationParameters? own)
        && (activation.TiedTo is not { } tied || (known.TryGetValue(tied, out QuantizationParameters? other) && other == own)));

    private static Dictionary<int, float[]> Corrections(PlacementPlan plan, PlacementPlan before, WeightCodes codes)
    {
        var places = new Dictionary<OnnxNode, int>();
        for (int i = 0; i < before.Nodes.Count; i++)
            places.TryAdd(before.Nodes[i].Node, i);
        var corrections = new Dictionary<int, float[]>();
        for (int i = 0; i < plan.Nodes.Count; i++)
            if (places.TryGetValue(plan.Nodes[i].Node, out int place) && codes.BiasCorrections.TryGetValue(place, out float[]? shifts))
                corrections.Add(i, shifts);
        return corrections;
    }

    private static LowBitCodes StillNeeded(PlacementPlan plan, LowBitCodes codes)
    {
        LowBitTarget[] kept = [.. plan.LowBits.Targets.Where(target => !target.IsInteger && codes.Weights.ContainsKey(target.Key))];
        HashSet<string> biases = [.. kept.Select(target => target.Reader?.Bias?.Initializer).OfType<string>()];
        return new LowBitCodes(
            kept.ToDictionary(target => target.Key, target => codes.Weights[target.Key]),
            codes.Biases.Where(bias => biases.Contains(bias.Key.Name)).ToDictionary());
    }

    private static int IndexOf(IReadOnlyList<DynamicNode> nodes, DynamicNode node)
    {
        for (int i = 0; i < nodes.Count; i++)
            if (ReferenceEquals(nodes[i].Node, node.Node))
                return i;
        return -1;
    }
}
