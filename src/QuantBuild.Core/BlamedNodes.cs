using QuantBuild.Evaluation;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reporting;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;

namespace QuantBuild;

/// <summary>Names the nodes that most of a model's errors come from, and not those that only pass them on.</summary>
/// <param name="noise">Of its nodes in integers, errors of the nodes before them included.</param>
internal sealed class BlamedNodes(MadeModel made, IReadOnlyList<NodeNoise> noise)
{
    /// <summary>Of a weight with more values, evenly spread ones are compared.</summary>
    private const int MostCompared = 1 << 18;

    private readonly PlacementPlan placement = made.Precision.Placement;

    /// <returns>Names that <c>ExcludedNodes</c> takes, the worst first: nodes in integers by what they give, then others by what their weights lost.</returns>
    public IReadOnlyList<string> Worst(int count) =>
        [.. ByOutputs().Concat(ByWeights()).Where(ShownName.CanBePasted).Distinct(StringComparer.Ordinal).Take(count)];

    private IEnumerable<string> ByOutputs()
    {
        var power = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (NodeNoise node in noise)
            power.TryAdd(node.Node, double.IsNaN(node.SqnrDecibels) ? 0 : Math.Pow(10, -node.SqnrDecibels / 10));
        var given = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (PlannedNode node in placement.Nodes)
            foreach (string output in node.Outputs)
                given.TryAdd(output, power.GetValueOrDefault(node.Node.DisplayName));
        return placement.Nodes.Where(node => !node.GivesIndices)
            .Select(node => (node.Node.DisplayName, Own: Own(node)))
            .Where(node => node.Own > 0)
            .OrderByDescending(node => node.Own).ThenBy(node => node.DisplayName, StringComparer.Ordinal)
            .Select(node => node.DisplayName);

        double Own(PlannedNode node)
        {
            double own = power.GetValueOrDefault(node.Node.DisplayName);
            double read = node.ActivationInputs.Select(input => node.Node.Inputs[input]).Distinct(StringComparer.Ordinal).Sum(value => given.GetValueOrDefault(value));
            return double.IsInfinity(own) && double.IsInfinity(read) ? 0 : own - read;
        }
    }

    private IEnumerable<string> ByWeights() => made.Draft.Model.Graph.WithBodies
        .SelectMany(graph => graph.Nodes.Select(node => (node.DisplayName, Lost: Lost(node, graph))))
        .Where(node => node.Lost > 0)
        .OrderByDescending(node => node.Lost).ThenBy(node => node.DisplayName, StringComparer.Ordinal)
        .Select(node => node.DisplayName);

    /// <summary>Power of what the worst weight of a node lost, over that of the weight.</summary>
    private double Lost(OnnxNode node, OnnxGraph graph)
    {
        double worst = 0;
        foreach (string name in node.Inputs.Where(name => graph.OwnerOf(name) is not null))
            if (CodesOf(node, name, graph.OwnerOf(name)!) is { } codes && codes.Float.Length > 0)
                worst = Math.Max(worst, Ratio(codes));
        return worst;
    }

    /// <returns>Null for what is stored as floats, and for weights of calibrated kernels.</returns>
    private StoredCodes? CodesOf(OnnxNode node, string name, OnnxGraph owner)
    {
        var key = new ConstantKey(owner, name);
        if (owner.InitializerOf(name) is not { } tensor)
            return null;
        if (made.Quantized.LowBits.Weights.TryGetValue(key, out LowBitConstant? few))
            return StoredCodes.Of(name, tensor, few.Weight);
        if (made.Quantized.Storage.Of(owner, name) is { Form: StoredForm.Int8 } stored)
            return StoredCodes.Of(name, tensor, stored);
        for (int i = 0; i < placement.DynamicNodes.Count; i++)
            if (ReferenceEquals(placement.DynamicNodes[i].Node, node))
                for (int k = 0; k < placement.DynamicNodes[i].Weights.Count; k++)
                    if (placement.DynamicNodes[i].Weights[k] is var weight && weight.Initializer == name)
                        return StoredCodes.Of(weight, tensor, made.Codes.Dynamic[i][k]);
        return null;
    }

    private static double Ratio(StoredCodes codes)
    {
        int every = codes.Float.Length <= MostCompared ? 1 : (int)((codes.Float.Length + MostCompared - 1) / MostCompared) | 1;
        (float[] before, float[] after) = codes.Values(every);
        double signal = 0;
        double lost = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double difference = (double)before[i] - after[i];
            signal += (double)before[i] * before[i];
            lost += difference * difference;
        }
        return signal > 0 && double.IsFinite(lost) ? lost / signal : 0;
    }
}
