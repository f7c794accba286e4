using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>Samplers of everything that nodes with weights read in the main graph. Nodes that read one value in one way share theirs.</summary>
internal sealed class RowSamplers
{
    /// <summary>A least-squares problem wants several rows for every unknown; beyond that more of them change little.</summary>
    private const int RowsPerColumn = 2;

    /// <summary>Codes of few bits would learn fewer rows by heart.</summary>
    private const int RowsPerColumnInFewBits = 16;

    private const int FewestRows = 1024;

    private const int MostRows = 8192;

    /// <summary>Short rows are cheap, and means of errors want many.</summary>
    private const int CheapFloats = 1 << 19;

    /// <summary>Rows take at most such a part of the memory limit.</summary>
    private const long PartOfLimit = 16;

    private readonly SortedDictionary<string, List<(RowsKey Key, RowSampler Sampler)>> byValue = new(StringComparer.Ordinal);

    private RowSamplers()
    {
    }

    public static RowSamplers None { get; } = new();

    /// <param name="batches">Number of batches in all.</param>
    public static RowSamplers For(PlacementPlan plan, OnnxGraph graph, long batches, long memoryLimit, bool forFewBits = false)
    {
        var windows = new Dictionary<RowsKey, InputWindow>();
        foreach (PlannedNode node in plan.Nodes)
            if (graph.InitializerOf(node.Weight?.Initializer) is not null && graph.ProducerOf(node.Node.Outputs[0]) == node.Node
                && RowsKey.Of(node, graph) is { } key)
                windows.TryAdd(key, InputWindow.Of(node, graph)!);

        int perColumn = forFewBits ? RowsPerColumnInFewBits : RowsPerColumn;
        double wanted = windows.Values.Sum(window => (double)RowsOf(window, perColumn) * window.RowLength * sizeof(float));
        double share = Math.Min(1, memoryLimit / PartOfLimit / Math.Max(1, wanted));
        var samplers = new RowSamplers();
        foreach ((RowsKey key, InputWindow window) in windows)
        {
            if (!samplers.byValue.TryGetValue(key.Value, out List<(RowsKey, RowSampler)>? list))
                samplers.byValue.Add(key.Value, list = []);
            list.Add((key, new RowSampler(window, batches, Math.Max(1, (int)(RowsOf(window, perColumn) * share)))));
        }
        return samplers;
    }

    public IEnumerable<string> Values => byValue.Keys;

    /// <summary>Values may come at the same time, the batches of one value one after the other.</summary>
    /// <param name="live">As for <see cref="RowSampler.Add"/>.</param>
    public void Add(string value, long batch, ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape, LivePositions? live = null)
    {
        if (byValue.TryGetValue(value, out List<(RowsKey Key, RowSampler Sampler)>? samplers))
            foreach ((_, RowSampler sampler) in samplers)
                sampler.Add(batch, tensor, shape, live);
    }

    public IReadOnlyDictionary<RowsKey, InputRows> ToRows() =>
        byValue.Values.SelectMany(samplers => samplers).ToDictionary(pair => pair.Key, pair => pair.Sampler.ToRows());

    private static int RowsOf(InputWindow window, int perColumn) =>
        Math.Clamp(Math.Max(perColumn * window.Columns, CheapFloats / window.RowLength), FewestRows, MostRows);
}
