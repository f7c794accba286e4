using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Placement.Layers;

/// <summary>Says for a layer and a form whether it is possible, and what it takes.</summary>
internal sealed class LayerForms(
    OnnxGraph graph, TensorFacts facts, PlacementPlan plan, QuantizationSettings settings, NodeExclusion exclusion, LayerCosts costs, HalfRule whyNotHalf)
{
    private const string NotAllInIntegers = "not all nodes that read the weights do";

    private static readonly LayerForm IntegersOfEightBits = new(LayerKernel.Integer, 8);

    /// <summary>The smallest number that float16 has all its bits for.</summary>
    private const float SmallestHalf = 6.103515625e-5f;

    private readonly Dictionary<(OnnxNode Node, int Input), PlannedNode> planned = plan.Nodes
        .SelectMany(node => node.Constants.Select(constant => constant.InputIndex).Concat(node.Weight is null ? [] : [node.Weight.InputIndex]),
            (node, input) => (node, input))
        .ToDictionary(read => (read.node.Node, read.input), read => read.node);

    private readonly Dictionary<OnnxNode, string> whyFloat = Reasons(plan);
    private readonly PlacementPlan dynamicPlan = DynamicPlanner.Plan(graph, exclusion);
    private readonly Dictionary<(bool IsInteger, int Bits), LowBitPlanner> planners = [];
    private readonly Dictionary<OnnxNode, OnnxGraph> graphOf = graph.WithBodies
        .SelectMany(part => part.Nodes, (part, node) => (part, node)).ToDictionary(place => place.node, place => place.part);

    /// <returns>Empty when not every reader runs in integers.</returns>
    public IReadOnlyList<PlannedNode> IntegersOf(WeightedLayer layer, IReadOnlyList<ValueReader> readers) =>
        readers.All(reader => planned.ContainsKey((reader.Node, reader.Input))) && layer.Nodes.Count == readers.Count
            ? [.. readers.Select(reader => planned[(reader.Node, reader.Input)])]
            : [];

    /// <returns>Empty when not every reader has such a kernel.</returns>
    public IReadOnlyList<DynamicNode> DynamicsOf(WeightedLayer layer, IReadOnlyList<ValueReader> readers)
    {
        DynamicNode[] found = [.. layer.Nodes.Select(node => dynamicPlan.DynamicNodes.FirstOrDefault(dynamic => dynamic.Node == node)).OfType<DynamicNode>()];
        return found.Length == layer.Nodes.Count && readers.All(reader => found.Any(node =>
                node.Node == reader.Node && node.Weights.Any(weight => weight.InputIndex == reader.Input)))
            ? found
            : [];
    }

    /// <returns>Null when it is possible; otherwise why not.</returns>
    public string? Judge(WeightedLayer layer, IReadOnlyList<ValueReader> readers, LayerForm form, out LayerFormPlan? found)
    {
        found = null;
        if (settings.TargetProfile == TargetProfile.Int8Accelerator && form != LayerForm.Float32 && form != IntegersOfEightBits)
            return "the target takes 8-bit integers with calibrated ranges, and leaves all else to a processor beside it";
        if (form == LayerForm.Float32)
            found = new LayerFormPlan(form, layer.Weights.Sum(weight => new StoredSize(weight.Tensor.Length).Float32Bytes), FloatCost(layer));
        else if (WhyUntouched(layer) is { } untouched)
            return untouched;
        else if (form.Kernel == LayerKernel.Dynamic)
            return Dynamic(layer, form, ref found);
        else if (form.Kernel == LayerKernel.Integer)
            return Integer(layer, readers, form, ref found);
        else
            return form.Bits switch
            {
                16 => Half(layer, form, ref found),
                8 => Stored(layer, form, ref found),
                _ => LowBits(layer, form, ref found),
            };
        return null;
    }

    private string? WhyUntouched(WeightedLayer layer)
    {
        if (layer.Nodes.Select(exclusion.ReasonFor).FirstOrDefault(reason => reason is not null) is { } excluded)
            return excluded;
        if (layer.Weights.Any(weight => plan.FloatWeights.Contains(weight.Key.Name)))
            return "an excluded node reads its weights";
        return layer.Weights.Any(weight => weight.Tensor.HasValuesThatAreNotFinite) ? "its weights hold NaN or infinities" : null;
    }

    private string? Integer(WeightedLayer layer, IReadOnlyList<ValueReader> readers, LayerForm form, ref LayerFormPlan? found)
    {
        if (layer.Integers.Count == 0)
            return layer.Nodes.Select(node => whyFloat.GetValueOrDefault(node)).FirstOrDefault(reason => reason is not null) ?? NotAllInIntegers;
        LowBitTarget[] targets = [];
        if (form.Bits < 8)
        {
            if (layer.Weights.Any(weight => readers.Count(reader => reader.Graph.OwnerOf(weight.Key.Name) == weight.Key.Graph
                    && reader.Node.Inputs[reader.Input] == weight.Key.Name) > 1))
                return "several nodes read the weight, each in a scale of its own";
            if (Targets(layer, form.Bits, isInteger: true) is not { } planned)
                return "it has too few weights, or one scale for all of them";
            targets = planned;
        }
        long bytes = layer.Weights.Select((weight, i) => KernelSize.OfIntegers(
            weight.Tensor,
            [.. layer.Integers.Where(node => node.Node.Inputs.Contains(weight.Key.Name))],
            targets.ElementAtOrDefault(i))).Sum();
        found = new LayerFormPlan(form, bytes, layer.Integers.Sum(node => costs.Integer(node, graphOf[node.Node]))) { Targets = targets };
        return null;
    }

    private string? Dynamic(WeightedLayer layer, LayerForm form, ref LayerFormPlan? found)
    {
        if (layer.Dynamics.Count == 0)
            return layer.Nodes.Select(node => dynamicPlan.FloatNodes.FirstOrDefault(other => other.Node == node)?.Reason)
                .FirstOrDefault(reason => reason is not null) ?? NotAllInIntegers;
        // Each node has its codes, in an order of its own.
        found = new LayerFormPlan(form, layer.Dynamics.Sum(KernelSize.OfDynamic), layer.Dynamics.Sum(costs.Dynamic));
        return null;
    }

    private string? Half(WeightedLayer layer, LayerForm form, ref LayerFormPlan? found)
    {
        foreach (LayerWeight weight in layer.Weights)
        {
            if (!new StoredSize(weight.Tensor.Length).IsWorthRestoring)
                return "it is too small to be worth it";
            if (whyNotHalf(weight.Tensor.InMemory().Floats, weight.Axes is not null) is { } reason)
                return reason;
        }
        found = new LayerFormPlan(form, layer.Weights.Sum(weight => new StoredSize(weight.Tensor.Length).Float16Bytes), FloatCost(layer));
        return null;
    }

    private string? Stored(WeightedLayer layer, LayerForm form, ref LayerFormPlan? found)
    {
        foreach (LayerWeight weight in layer.Weights)
        {
            if (weight.Axes is not { } axes)
                return "its readers are not known to multiply by it in one way";
            var size = new StoredSize(weight.Tensor.Length);
            if (!size.IsWorthRestoring)
                return "it is too small to be worth it";
            if (StoredSize.Int8BytesOf(weight.Tensor, axes) >= size.Float16Bytes)
                return "its channels are too short for a scale each";
        }
        found = new LayerFormPlan(form, layer.Weights.Sum(weight => StoredSize.Int8BytesOf(weight.Tensor, weight.Axes!.Value)), FloatCost(layer));
        return null;
    }

    private string? LowBits(WeightedLayer layer, LayerForm form, ref LayerFormPlan? found)
    {
        if (Targets(layer, form.Bits, isInteger: false) is not { } targets)
            return "it has too few weights, or its readers are not known to multiply by it in one way";
        long bytes = 0;
        double cost = FloatCost(layer);
        foreach (LowBitTarget target in targets)
        {
            var size = new LowBitSize(target.Bits, target.Matrix, target.BlockColumns)
            {
                HasZeroPoints = settings.LowBits is { HasZeroPoints: true, Codebook: CodebookKind.None },
                Codebooks = settings.LowBits.Codebook == CodebookKind.None ? 0 : 1,
                HalfScales = HasHalfScales(target),
            };
            LowBitForm best = LowBitForms.Of(target.Key.Graph, target.Name, target.Tensor.Shape, hasBlocks: false).Best(size, settings.Objective);
            bytes += size.BytesOf(best);
            if (best == LowBitForm.MatMulNBits)
                foreach (OnnxNode node in layer.Nodes.Where(node => node.Inputs.Contains(target.Name)))
                    cost += costs.Packed(node, target.Key.Graph, target.Matrix, target.Bits, target.BlockColumns) - costs.Float(node, target.Key.Graph);
        }
        found = new LayerFormPlan(form, bytes, cost) { Targets = targets };
        return null;
    }

    /// <returns>One for every weight; null when there is none for some.</returns>
    private LowBitTarget[]? Targets(WeightedLayer layer, int bits, bool isInteger)
    {
        if (!planners.TryGetValue((isInteger, bits), out LowBitPlanner? planner))
        {
            PlacementPlan placement = isInteger ? plan : plan with { Nodes = [], DynamicNodes = [] };
            planners.Add((isInteger, bits), planner = new LowBitPlanner(facts, settings.LowBits with { Bits = bits }, placement));
        }
        LowBitTarget[] targets = [.. layer.Weights.Select(weight => planner.TargetOf(weight.Key.Graph, weight.Key.Name)).OfType<LowBitTarget>()];
        return targets.Length < layer.Weights.Count || targets.Any(target => target.IsInteger != isInteger) ? null : targets;
    }

    /// <summary>Scales are stored in 16 bits unless one of them is too small for that.</summary>
    private static bool HasHalfScales(LowBitTarget target)
    {
        float[] rows = target.Matrix.ToRows(target.Tensor.Floats);
        float levels = 1 << (target.Bits - 1);
        for (int channel = 0; channel < target.Matrix.Channels; channel++)
            for (int column = 0; column < target.Matrix.Columns; column += target.BlockColumns)
            {
                float largest = 0;
                foreach (float weight in rows.AsSpan(
                    (channel * target.Matrix.Columns) + column, Math.Min(target.BlockColumns, target.Matrix.Columns - column)))
                    largest = Math.Max(largest, Math.Abs(weight));
                if (largest > 0 && largest / levels < SmallestHalf)
                    return false;
            }
        return true;
    }

    private double FloatCost(WeightedLayer layer) => layer.Nodes.Sum(node => costs.Float(node, graphOf[node]));

    private static Dictionary<OnnxNode, string> Reasons(PlacementPlan plan)
    {
        var reasons = new Dictionary<OnnxNode, string>();
        foreach (FloatNode node in plan.FloatNodes)
            reasons.TryAdd(node.Node, node.Reason);
        return reasons;
    }
}
