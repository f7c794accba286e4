using QuantBuild.Onnx;

namespace QuantBuild.Placement.Costs;

/// <summary>
/// Decides for every candidate whether it runs in integers or in float so that nodes and conversions together take the least time.
/// </summary>
/// <remarks>
/// The cost is a sum over nodes, in the form that they take, and over values that pass from one form to the other: a minimum cut finds
/// its exact minimum. A value is quantized once, whoever reads it, and brought into another layout once; so each direction has a vertex of
/// its own between the producer and the readers. It is dequantized for every float reader. A follower runs in integers only when what it reads comes in integers.
/// </remarks>
internal sealed class CheapestForms
{
    /// <summary>Costs are counted in whole picoseconds, so that their order of summation does not matter.</summary>
    private const double PicosecondsPerNanosecond = 1000;

    /// <summary>Share of the candidates' time that integers have to save, else everything stays float: the table's estimates are off by
    /// a tenth for most kernels, and a model must not become slower because of that.</summary>
    private const double SmallestGain = 0.15;

    private readonly OnnxGraph graph;
    private readonly IReadOnlyDictionary<OnnxNode, PlacementVerdict> verdicts;
    private readonly CostModel model;
    private readonly MinimumCut cut = new();
    private readonly Dictionary<OnnxNode, int> vertices = [];
    private readonly Dictionary<string, OnnxNode> producers = new(StringComparer.Ordinal);

    private CheapestForms(OnnxGraph graph, IReadOnlyDictionary<OnnxNode, PlacementVerdict> verdicts, CostModel model)
    {
        this.graph = graph;
        this.verdicts = verdicts;
        this.model = model;
    }

    /// <param name="verdicts">Of every node of the graph.</param>
    /// <param name="keepsWeights">True when nodes with weights run in integers whatever that costs.</param>
    /// <returns>The candidates that are to stay float, in the order of the graph.</returns>
    public static IReadOnlyList<OnnxNode> StayingFloat(
        OnnxGraph graph, IReadOnlyDictionary<OnnxNode, PlacementVerdict> verdicts, CostModel model, bool keepsWeights) =>
        new CheapestForms(graph, verdicts, model).Choose(keepsWeights);

    private OnnxNode[] Choose(bool keepsWeights)
    {
        var absorbed = verdicts.Values.SelectMany(verdict => verdict.Candidate?.Absorbed ?? []).ToHashSet();
        OnnxNode[] candidates = [.. graph.Nodes.Where(node => verdicts[node].Candidate is not null && !absorbed.Contains(node))];
        long inFloat = 0;
        foreach (OnnxNode node in candidates)
        {
            PlannedNode planned = verdicts[node].Candidate!;
            int vertex = cut.AddVertex();
            vertices.Add(node, vertex);
            producers.TryAdd(planned.Output, node);
            NodeCost cost = model.Of(planned);
            inFloat += Whole(cost.Float);
            cut.AddEdge(cut.Source, vertex, keepsWeights && planned.Weight is not null ? MinimumCut.Never : Whole(cost.Float));
            cut.AddEdge(vertex, cut.Sink, Whole(cost.Integer));
        }
        foreach (OnnxNode follower in candidates.Where(node => verdicts[node].Follows == FollowsInput.Yes))
            foreach (string input in ActivationsOf(follower))
                cut.AddEdge(vertices[follower], ComesInIntegers(input) ? vertices[producers[input]] : cut.Sink, MinimumCut.Never);
        foreach (string value in candidates.SelectMany(ActivationsOf).Concat(producers.Keys).Distinct(StringComparer.Ordinal))
            AddConversions(value);
        bool[] integer = cut.Solve();
        bool pays = keepsWeights || cut.Cost <= inFloat * (1 - SmallestGain);
        return pays ? [.. candidates.Where(node => !integer[vertices[node]])] : candidates;
    }

    private void AddConversions(string value)
    {
        OnnxNode? producer = producers.GetValueOrDefault(value);
        IReadOnlyList<OnnxNode> readers = graph.ConsumersOf(value);
        int[] integerReaders = [.. readers.Where(reader => ReadsInIntegers(reader, value)).Select(reader => vertices[reader])];
        int floatReaders = readers.Count(reader => !ReadsInIntegers(reader, value)) + (graph.IsOutput(value) ? 1 : 0);

        if (integerReaders.Length > 0)
        {
            int wanted = cut.AddVertex();
            foreach (int reader in integerReaders)
                cut.AddEdge(reader, wanted, MinimumCut.Never);
            cut.AddEdge(wanted, producer is null ? cut.Sink : vertices[producer], Whole(model.Conversion(value)));
        }
        if (producer is not null && verdicts[producer].Candidate!.QuantizesOutput)
        {
            int wanted = cut.AddVertex();
            long each = Whole(model.Dequantization(value));
            cut.AddEdge(vertices[producer], wanted, Math.Max(0, Whole(model.Conversion(value)) - each));
            foreach (int reader in integerReaders)
            {
                cut.AddEdge(wanted, reader, MinimumCut.Never);
                cut.AddEdge(vertices[producer], reader, each);
            }
            if (floatReaders > 0)
            {
                cut.AddEdge(wanted, cut.Sink, MinimumCut.Never);
                cut.AddEdge(vertices[producer], cut.Sink, floatReaders * each);
            }
        }
    }

    private IEnumerable<string> ActivationsOf(OnnxNode node)
    {
        PlannedNode planned = verdicts[node].Candidate!;
        return planned.ActivationInputs.Select(input => planned.Node.Inputs[input]);
    }

    /// <summary>What the acceptance of followers asks for: the value leaves a candidate as codes.</summary>
    private bool ComesInIntegers(string value) =>
        producers.TryGetValue(value, out OnnxNode? producer) && verdicts[producer].Candidate!.QuantizesOutput;

    private bool ReadsInIntegers(OnnxNode reader, string value) => vertices.ContainsKey(reader) && ActivationsOf(reader).Contains(value);

    private static long Whole(double nanoseconds) => (long)(Math.Max(0, nanoseconds) * PicosecondsPerNanosecond);
}
