using QuantBuild.Calibration;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Equalization;

/// <summary>A value whose channels can be divided, with the nodes whose weights are multiplied instead.</summary>
/// <param name="Source">Where it is divided; null: a Mul in front of the readers has to be added, and whoever else reads the value keeps
/// it.</param>
/// <param name="Rows">What the first reader saw of it.</param>
internal sealed record EqualizationSite(
    string Value, ChannelSource? Source, IReadOnlyList<WeightedReader> Readers, InputRows Rows)
{
    /// <summary>True when the channels are made by weights.</summary>
    public bool JoinsLayers => Source?.Producer is not null;

    public ShiftKind Shift => Source?.Shifted is null || Readers.Any(reader => reader.Bias is null || reader.Pads) ? ShiftKind.None
        : Source.OnlyBelow ? ShiftKind.BelowMinimum
        : ShiftKind.ToMiddle;

    /// <summary>In the order of the graph.</summary>
    public static IEnumerable<EqualizationSite> FindAll(OnnxGraph graph, PlacementPlan plan, CalibrationTable table)
    {
        var produced = plan.Activations.Where(activation => activation.Producer is not null).Select(activation => activation.Value)
            .ToHashSet(StringComparer.Ordinal);
        var nodes = plan.Nodes.Where(node => node.ActivationInputs is [0] && table.RowsOf(node, graph) is { Count: > 0 });
        foreach (IGrouping<string, PlannedNode> group in nodes.GroupBy(node => node.Node.Inputs[0], StringComparer.Ordinal))
        {
            PlannedNode[] planned = [.. group];
            WeightedReader[] readers = [.. planned.Select(node => WeightedReader.Of(node, graph)).OfType<WeightedReader>()];
            if (readers.Length < planned.Length || readers.Any(reader => reader.Weights.Axis != readers[0].Weights.Axis || reader.Channels != readers[0].Channels))
                continue;
            bool all = !graph.IsOutput(group.Key)
                && graph.ConsumersOf(group.Key).All(consumer => readers.Any(reader => reader.Weights.Node == consumer));
            ChannelSource? source = all ? ChannelSource.Find(graph, group.Key, readers[0].Weights.Axis, readers[0].Channels) : null;
            if (source is null && (readers[0].Weights.Axis == ChannelAxis.Second || produced.Contains(group.Key)))
                continue;
            if (source is not null)
                readers = [.. readers.Select(reader => reader with { Repeat = reader.Channels / source.Channels })];
            yield return new EqualizationSite(group.Key, source, readers, table.RowsOf(planned[0], graph)!);
        }
    }
}
