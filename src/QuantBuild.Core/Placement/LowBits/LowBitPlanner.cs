using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Placement.LowBits;

/// <summary>Chooses which constants are stored in few bits: large ones that something multiplies by.</summary>
/// <remarks>
/// A sixteenth of all weights, the smallest tensors, keep 8 bits: a model's first layers and its depthwise ones are small, and what they lose goes through
/// everything behind them. So do channels of a few weights, for which a scale takes more space than the bits that are saved.
/// </remarks>
internal sealed class LowBitPlanner
{
    /// <summary>Shorter channels keep 8 bits.</summary>
    private const int FewestColumns = 16;

    /// <summary>Smaller tensors keep 8 bits.</summary>
    private const int FewestElements = 256;

    /// <summary>One part in so many of the weights keeps 8 bits.</summary>
    private const int PartInEightBits = 16;

    /// <summary>Where none is asked for.</summary>
    private const int UsualBlock = 32;

    private static readonly IPlacementRule[] Rules = [new ConvolutionRule(), new GemmRule(), new MatMulRule()];

    private readonly TensorFacts facts;
    private readonly LowBitSettings settings;
    private readonly LayerAssignment? layers;
    private readonly PlacementPlan placement;
    private readonly HashSet<(OnnxNode Node, int Input)> inOtherKernels;
    private readonly Dictionary<(OnnxNode Node, int Input), PlannedNode> integers;
    private readonly Dictionary<OnnxGraph, PlacementContext> contexts = [];

    private LowBitPlanner(TensorFacts facts, QuantizationSettings settings, PlacementPlan placement)
    {
        this.facts = facts;
        this.settings = settings.LowBits;
        layers = settings.Layers;
        this.placement = placement;
        integers = placement.Nodes.Where(node => node.Weight is not null).ToDictionary(node => (node.Node, node.Weight!.InputIndex));
        inOtherKernels =
        [
            .. placement.Nodes.Select(node => node.Bias).OfType<PlannedBias>().Select(bias => (bias.Reader, bias.InputIndex)),
            .. placement.DynamicNodes.SelectMany(node => node.Weights.Select(weight => (node.Node, weight.InputIndex))),
        ];
    }

    /// <param name="graph">Prepared.</param>
    /// <param name="placement">What runs in integers.</param>
    /// <returns>The same with what is stored in few bits.</returns>
    public static PlacementPlan AddTo(PlacementPlan placement, OnnxGraph graph, TensorFacts facts, QuantizationSettings settings)
    {
        bool isOn = settings.LowBits.IsOn || settings.Layers is not null;
        if (!isOn || settings.Scheme is not (QuantizationScheme.Static or QuantizationScheme.WeightOnly))
            return placement;
        var planner = new LowBitPlanner(facts, settings, placement);
        LowBitTarget[] all = [.. graph.WithBodies.SelectMany(part => part.InitializerNames.Select(name => planner.TargetOf(part, name)).OfType<LowBitTarget>())];
        LowBitTarget[] targets = settings.Layers is null ? WithoutTheSmallest(all) : all;
        Dictionary<OnnxNode, PlannedNode> readers = targets.Where(target => target.IsInteger).ToDictionary(target => target.Reader!.Node, target => target.Reader!);
        return placement with
        {
            Nodes = [.. placement.Nodes.Select(node => readers.GetValueOrDefault(node.Node, node))],
            LowBits = new LowBitPlan(targets),
        };
    }

    /// <summary>As long as they hold a small part of all elements together.</summary>
    private static LowBitTarget[] WithoutTheSmallest(LowBitTarget[] all)
    {
        long rest = all.Sum(target => (long)target.Matrix.Length) / PartInEightBits;
        var small = new HashSet<ConstantKey>();
        foreach (LowBitTarget target in all.OrderBy(target => target.Matrix.Length))
        {
            rest -= target.Matrix.Length;
            if (rest < 0)
                break;
            small.Add(target.Key);
        }
        return [.. all.Where(target => !small.Contains(target.Key))];
    }

    /// <returns>Null for a constant that is stored otherwise.</returns>
    private LowBitTarget? TargetOf(OnnxGraph graph, string name)
    {
        if (graph.InitializerTypeOf(name) != OnnxElementType.Float || placement.FloatWeights.Contains(name) || graph.IsOutput(name))
            return null;
        ValueReader[] readers = [.. graph.ReadersOf(name)];
        if (readers.Length == 0 || readers.Any(reader => inOtherKernels.Contains((reader.Node, reader.Input)))
            || graph.InitializerOf(name) is not { Length: >= FewestElements and <= int.MaxValue } tensor)
            return null;
        int bits = layers is null ? settings.Bits : readers.Select(reader => layers.Of(reader.Node.DisplayName)?.Bits ?? 8).Max();
        if (layers is not null && bits >= 8)
            return null;
        bool[] areIntegers = [.. readers.Select(reader => integers.ContainsKey((reader.Node, reader.Input))).Distinct()];
        if (areIntegers.Length > 1)
            return null;
        ChannelAxes?[] axes = [.. readers.Select(reader => ChannelAxes.Of(reader, tensor.Shape)).Distinct()];
        if (axes.Contains(null) || axes[0] is not { } channels || tensor.InMemory().HasValuesThatAreNotFinite)
            return null;
        WeightMatrix matrix = WeightMatrix.Of(tensor.Shape, channels);
        if (matrix.Columns < FewestColumns)
            return null;
        PlannedNode? planned = readers is [var reader] ? PlannedReader(reader) : null;
        // Eight bits of an integer kernel have rules of their own, about what can saturate.
        if (areIntegers[0] && (bits == 8 || planned is null || planned.Weight!.Axis is null))
            return null;
        int block = settings.BlockSize ?? (areIntegers[0] ? int.MaxValue : UsualBlock);
        return new LowBitTarget(new ConstantKey(graph, name), matrix, channels, bits, Math.Min(block, matrix.Columns), planned, areIntegers[0]);
    }

    private PlannedNode? PlannedReader(ValueReader reader)
    {
        if (integers.TryGetValue((reader.Node, reader.Input), out PlannedNode? integer))
            return InOrderOfTheTensor(integer);
        IPlacementRule? rule = Array.Find(Rules, rule => rule.Covers(reader.Node));
        PlannedNode? candidate = reader.Input == 1
            ? rule?.Judge(reader.Node, ContextOf(reader.Graph)).Candidate
            : null;
        return candidate?.Weight is { Axis: not null } ? InOrderOfTheTensor(candidate) : null;
    }

    private PlacementContext ContextOf(OnnxGraph graph)
    {
        if (!contexts.TryGetValue(graph, out PlacementContext? context))
            contexts.Add(graph, context = new PlacementContext(graph, facts, PlacementRevision.None));
        return context;
    }

    /// <summary>The order in which an integer kernel sums decides what can saturate, which weights in few bits cannot.</summary>
    private static PlannedNode InOrderOfTheTensor(PlannedNode node) => node.Weight!.PairAxis == ReductionOrder.ConvolutionChannelsLast
        ? node with { Weight = node.Weight with { PairAxis = ReductionOrder.Single } }
        : node;
}
