using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;

namespace QuantBuild.Reporting;

/// <summary>The weights that are stored as codes, beside what they were.</summary>
internal sealed class WeightRows(ReportInputs inputs)
{
    /// <summary>More than these are counted and not listed, where a weight that is computed with in float has a scale for every block of it.</summary>
    public const int MostScales = 1024;

    /// <summary>Of a weight with more values, evenly spread ones are counted.</summary>
    private const int MostCounted = 1 << 18;

    /// <summary>256 MiB of floats, which would have to be read once more.</summary>
    private const long MostRead = 1 << 26;

    private readonly List<StoredCodes> found = [];

    public IReadOnlyList<WeightReport> Build()
    {
        PlacementPlan placement = inputs.Precision.Placement;
        var graphs = inputs.Prepared.Model.Graph.WithBodies.SelectMany(graph => graph.Nodes.Select(node => (node, graph)))
            .ToDictionary(pair => pair.node, pair => pair.graph);
        foreach (PlannedNode node in placement.Nodes)
            if (node.Weight is { } weight && graphs.TryGetValue(node.Node, out OnnxGraph? graph))
                AddIntegers(weight, graph, inputs.Codes.Weights[weight]);
        for (int i = 0; i < placement.DynamicNodes.Count; i++)
            foreach ((PlannedWeight weight, QuantizedWeight codes) in placement.DynamicNodes[i].Weights.Zip(inputs.Codes.Dynamic[i]))
                AddIntegers(weight, placement.DynamicNodes[i].Graph, codes);
        foreach ((ConstantKey key, LowBitConstant constant) in InOrder(inputs.Quantized.LowBits.Weights))
            if (key.Graph.InitializerOf(key.Name) is { } tensor)
                found.Add(StoredCodes.Of(key.Name, tensor, constant.Weight));
        foreach ((ConstantKey key, StoredConstant constant) in InOrder(inputs.Quantized.Storage.Constants))
            if (constant.Form == StoredForm.Int8 && key.Graph.InitializerOf(key.Name) is { } tensor)
                found.Add(StoredCodes.Of(key.Name, tensor, constant));

        HashSet<StoredCodes> drawn = [.. found.Where(codes => codes.Float.Length <= MostRead).OrderByDescending(codes => codes.Float.Length).Take(Histograms.MostTensors)];
        return [.. found.Select(codes => Row(codes, drawn.Contains(codes)))];
    }

    private static IEnumerable<KeyValuePair<ConstantKey, T>> InOrder<T>(IReadOnlyDictionary<ConstantKey, T> constants) =>
        constants.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal);

    private void AddIntegers(PlannedWeight weight, OnnxGraph graph, QuantizedWeight codes)
    {
        if (graph.InitializerOf(weight.Initializer) is { } tensor && !found.Exists(other => other.Name == weight.Initializer && other.Axis == weight.Axis && !other.InFloat))
            found.Add(StoredCodes.Of(weight, tensor, codes));
    }

    private static WeightReport Row(StoredCodes codes, bool isDrawn)
    {
        var row = new WeightReport(
            codes.Name,
            codes.Type,
            codes.Axis,
            codes.InFloat && codes.ScaleCount > MostScales ? [] : codes.Scales(),
            codes.InFloat ? true : null,
            codes.Float.Length,
            codes.ScaleCount);
        if (!isDrawn || codes.Float.Length == 0)
            return row;

        // Odd, so that it does not meet the same position of every channel.
        int every = codes.Float.Length <= MostCounted ? 1 : (int)((codes.Float.Length + MostCounted - 1) / MostCounted) | 1;
        (float[] before, float[] after) = codes.Values(every);
        if (MinMaxKernel.Scan(before) is { HasNaN: true } or { HasInfinity: true })
            return row;
        (HistogramReport first, HistogramReport second) = Histograms.Of(before, after, every);
        return row with { SqnrDecibels = Decibels(before, after), Float = first, Quantized = second };
    }

    private static double? Decibels(float[] before, float[] after)
    {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double difference = (double)before[i] - after[i];
            signal += (double)before[i] * before[i];
            noise += difference * difference;
        }
        return noise > 0 && signal > 0 ? Math.Round(10 * Math.Log10(signal / noise), 2) : null;
    }
}
