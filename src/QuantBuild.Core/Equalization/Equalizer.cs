using QuantBuild.Calibration;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Equalization;

/// <summary>
/// Makes the channels of what nodes with weights read more even, so that one extreme channel does not set the step of all others. The
/// model stays the
/// same function:
/// <code>
/// y = W·f(V·x + b) + c   →   y = (W·diag(s))·f(diag(1/s)·(V·x + b − m)) + (c + W·m)   across layers, with absorption of biases
/// y = W·x                →   y = (W·diag(s))·(diag(1/s)·x)                            SmoothQuant
/// </code>
/// with f a Relu or the like and m nothing that it cuts.
/// </summary>
internal static class Equalizer
{
    /// <summary>The expected error has to fall to this part of it where constants alone change.</summary>
    private const double WorthChanging = 0.9;

    /// <summary>The same where a Mul has to be added, which costs time.</summary>
    private const double WorthMultiplying = 0.5;

    /// <param name="table">With rows.</param>
    /// <param name="acrossLayers">Whether to change channels that weights make.</param>
    /// <param name="smooth">Whether to change all others.</param>
    /// <returns>Null when nothing gains.</returns>
    public static OnnxModel? Apply(OnnxModel prepared, PlacementPlan plan, CalibrationTable table, bool acrossLayers, bool smooth)
    {
        (EqualizationSite Site, InputRows Rows)[] sites =
            [.. EqualizationSite.FindAll(prepared.Graph, plan, table).Where(found => found.Site.JoinsLayers ? acrossLayers : smooth)];
        var adjustments = new ChannelAdjustment?[sites.Length];
        Parallel.For(0, sites.Length, i => adjustments[i] = Choose(sites[i].Site, sites[i].Rows));
        (EqualizationSite, ChannelAdjustment)[] chosen =
            [.. sites.Zip(adjustments, (found, adjustment) => (found.Site, Adjustment: adjustment!)).Where(site => site.Adjustment is not null)];
        return chosen.Length == 0 ? null : Apply(prepared, chosen);
    }

    /// <summary>A model of the same function.</summary>
    public static OnnxModel Apply(OnnxModel prepared, IReadOnlyList<(EqualizationSite Site, ChannelAdjustment Adjustment)> sites)
    {
        OnnxModel model = prepared.Clone();
        var editor = new GraphEditor(model.Graph);
        var nodes = model.Graph.Nodes.Where(node => node.Outputs[0].Length > 0)
            .ToDictionary(node => node.Outputs[0], StringComparer.Ordinal);
        var changes = new ConstantChanges(prepared.Graph);
        foreach ((EqualizationSite site, ChannelAdjustment adjustment) in sites)
            Apply(site, adjustment, changes, editor, nodes);
        changes.Write(editor, nodes);
        editor.RemoveDead();
        editor.SortTopologically();
        return model;
    }

    private static ChannelAdjustment? Choose(EqualizationSite site, InputRows rows) => EqualizingFactors.Choose(
        ChannelStatistics.Of(rows, site.Readers[0]),
        site.Readers,
        site.Source?.Ceiling ?? float.PositiveInfinity,
        site.Source?.Producer is { } producer ? LargestByOutput(producer) : null,
        site.Shift,
        site.Source is null ? WorthMultiplying : WorthChanging);

    private static void Apply(
        EqualizationSite site,
        ChannelAdjustment adjustment,
        ConstantChanges changes,
        GraphEditor editor,
        IReadOnlyDictionary<string, OnnxNode> nodes)
    {
        if (site.Source is { } source)
        {
            foreach (ConstantSlot slot in source.Divided)
                changes.Divide(slot, adjustment.Factors);
            if (adjustment.IsShifted)
                changes.Add(source.Shifted!, -1, [.. adjustment.Shifts.Select(shift => (double)shift)]);
        }
        else
        {
            string divided = editor.UniqueName(site.Value);
            float[] inverse = [.. adjustment.Factors.Select(factor => 1 / factor)];
            string reciprocals = editor.AddInitializer($"{site.Value}_factors", OnnxTensor.Float([inverse.Length], inverse));
            editor.AddNode("Mul", [site.Value, reciprocals], [divided]);
            foreach (WeightedReader reader in site.Readers)
                editor.SetInput(nodes[reader.Weights.Node.Outputs[0]], 0, divided);
        }
        foreach (WeightedReader reader in site.Readers)
        {
            LinearWeights weights = reader.Weights;
            int length = (int)weights.Tensor.Length;
            changes.Multiply(
                new ConstantSlot(weights.Node, LinearWeights.WeightInput, length, index => weights.InputOf(index) / reader.Repeat),
                adjustment.Factors);
            if (adjustment.IsShifted)
                changes.Add(reader.Bias!, 1, Product(reader, adjustment.Shifts));
        }
    }

    /// <summary>W·m</summary>
    private static double[] Product(WeightedReader reader, float[] shifts)
    {
        var sums = new double[reader.Weights.Outputs];
        ReadOnlySpan<float> values = reader.Weights.Tensor.Floats;
        for (int i = 0; i < values.Length; i++)
            sums[reader.Weights.OutputOf(i)] += (double)values[i] * shifts[reader.Weights.InputOf(i) / reader.Repeat];
        return sums;
    }

    private static double[] LargestByOutput(LinearWeights weights)
    {
        var largest = new double[weights.Outputs];
        ReadOnlySpan<float> values = weights.Tensor.Floats;
        for (int i = 0; i < values.Length; i++)
            largest[weights.OutputOf(i)] = Math.Max(largest[weights.OutputOf(i)], Math.Abs(values[i]));
        return largest;
    }
}
