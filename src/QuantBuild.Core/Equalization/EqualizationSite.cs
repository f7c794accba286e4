using QuantBuild.Calibration;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Equalization;

/// <summary>A value whose channels can be divided, with the nodes whose weights are multiplied instead.</summary>
/// <param name="Source">Where it is divided; null: a Mul in front of the readers has to be added, and whoever else reads the value keeps
/// it.</param>
internal sealed record EqualizationSite(string Value, ChannelSource? Source, IReadOnlyList<WeightedReader> Readers)
{
    /// <summary>True when the channels are made by weights.</summary>
    public bool JoinsLayers => Source?.Producer is not null;

    public ShiftKind Shift => Source?.Shifted is null || Readers.Any(reader => reader.Bias is null || reader.Pads) ? ShiftKind.None
        : Source.OnlyBelow ? ShiftKind.BelowMinimum
        : ShiftKind.ToMiddle;

    /// <summary>Values that integer kernels read, in the order of the graph, with the rows that the first reader saw.</summary>
    public static IEnumerable<(EqualizationSite Site, InputRows Rows)> FindAll(OnnxGraph graph, PlacementPlan plan, CalibrationTable table)
    {
        var produced = plan.Activations.Where(activation => activation.Producer is not null).Select(activation => activation.Value)
            .ToHashSet(StringComparer.Ordinal);
        var nodes = plan.Nodes.Where(node => node.ActivationInputs is [0] && table.RowsOf(node, graph) is { Count: > 0 });
        foreach (IGrouping<string, PlannedNode> group in nodes.GroupBy(node => node.Node.Inputs[0], StringComparer.Ordinal))
        {
            PlannedNode[] planned = [.. group];
            WeightedReader[] readers = [.. planned.Select(node => WeightedReader.Of(node, graph)).OfType<WeightedReader>()];
            if (readers.Length < planned.Length || !AreAlike(readers))
                continue;
            bool all = !graph.IsOutput(group.Key)
                && graph.ConsumersOf(group.Key).All(consumer => readers.Any(reader => reader.Weights.Node == consumer));
            ChannelSource? source = all ? ChannelSource.Find(graph, group.Key, readers[0].Weights.Axis, readers[0].Channels) : null;
            if (source is null && (readers[0].Weights.Axis == ChannelAxis.Second || produced.Contains(group.Key)))
                continue;
            if (source is not null)
                readers = [.. readers.Select(reader => reader with { Repeat = reader.Channels / source.Channels })];
            yield return (new EqualizationSite(group.Key, source, readers), table.RowsOf(planned[0], graph)!);
        }
    }

    /// <summary>Values that nodes multiply in float with weights in few bits, in the order of the graph. All channels of all of them may be divided by
    /// anything.</summary>
    /// <remarks>Other readers of the value have their weights multiplied too where that saves a Mul.</remarks>
    public static IEnumerable<EqualizationSite> FindAll(OnnxGraph graph, LowBitPlan plan)
    {
        var targets = plan.Targets.Where(target => target is { IsInteger: false, Reader: not null } && target.Key.Graph == graph);
        foreach (IGrouping<string, LowBitTarget> group in targets.GroupBy(target => target.Reader!.Node.Inputs[0], StringComparer.Ordinal))
        {
            LowBitTarget[] read = [.. group];
            WeightedReader[] readers = [.. read.Select(target => WeightedReader.Of(target.Reader!, graph)).OfType<WeightedReader>()];
            if (readers.Length < read.Length || !AreAlike(readers))
                continue;
            WeightedReader[] all = [.. graph.ConsumersOf(group.Key).Select(node => WeightedReader.Of(node, group.Key, graph)).OfType<WeightedReader>()];
            ChannelSource? source = !graph.IsOutput(group.Key) && all.Length == graph.ConsumersOf(group.Key).Count && AreAlike(all)
                ? ChannelSource.Find(graph, group.Key, readers[0].Weights.Axis, readers[0].Channels)
                : null;
            if (source is not null && float.IsPositiveInfinity(source.Ceiling))
                yield return new EqualizationSite(group.Key, source, [.. all.Select(reader => reader with { Repeat = reader.Channels / source.Channels })]);
            else if (readers[0].Weights.Axis == ChannelAxis.Last)
                yield return new EqualizationSite(group.Key, null, readers);
        }
    }

    private static bool AreAlike(WeightedReader[] readers) =>
        readers.All(reader => reader.Weights.Axis == readers[0].Weights.Axis && reader.Channels == readers[0].Channels);
}
