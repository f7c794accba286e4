using QuantBuild.Onnx;

namespace QuantBuild.Placement.Patterns;

/// <summary>
/// <code>
/// Softmax(q·kᵀ · scale + mask), Softmax(Where(mask, −∞, q·kᵀ / scale))
/// </code>
/// What stands between the product of an attention and its Softmax, and every addition or choice of a mask: beside a number that stands for
/// minus infinity, 8 bits keep nothing of the scores.
/// </summary>
internal static class ScoresPattern
{
    private const string Scores = "the scores of an attention";

    private const string Mask = "a mask";

    /// <summary>Masks add −10,000 at least; no bias of a trained layer is near it.</summary>
    private const float LargestMaskValue = -1e4f;

    private static readonly HashSet<string> OnScores = new(StringComparer.Ordinal)
    {
        "Add", "Sub", "Mul", "Div", "Where", "Max", "Min", "Clip", "Cast", "Reshape", "Squeeze", "Unsqueeze",
    };

    public static IEnumerable<(OnnxNode Node, string Pattern)> Find(OnnxGraph graph)
    {
        var seen = new Dictionary<OnnxNode, bool>();
        foreach (OnnxNode softmax in graph.Nodes.Where(node => node.Is("Softmax") || node.Is("LogSoftmax")))
            LeadsToAttention(graph, softmax.Inputs[0], seen);
        foreach (OnnxNode node in graph.Nodes)
            if (IsMasking(graph, node))
                yield return (node, Mask);
            else if (seen.TryGetValue(node, out bool between) && between)
                yield return (node, Scores);
    }

    /// <summary>True when the value was computed from a product of two activations by nothing but arithmetic.</summary>
    private static bool LeadsToAttention(OnnxGraph graph, string value, Dictionary<OnnxNode, bool> seen)
    {
        if (graph.ProducerOf(value) is not { Domain: "" } producer)
            return false;
        if (producer.Is("MatMul"))
            return !producer.Inputs.Any(graph.IsInitializer);
        if (!OnScores.Contains(producer.OpType))
            return false;
        if (seen.TryGetValue(producer, out bool known))
            return known;
        seen.Add(producer, false);
        bool leads = false;
        foreach (string input in producer.Inputs)
            leads |= LeadsToAttention(graph, input, seen);
        return seen[producer] = leads;
    }

    private static bool IsMasking(OnnxGraph graph, OnnxNode node) =>
        node is { Domain: "", OpType: "Add" or "Sub" or "Where" or "Max" or "Mul" } && node.Inputs.Any(input =>
            graph.InitializerOf(input) is { ElementType: OnnxElementType.Float } constant && HoldsMaskValue(constant));

    private static bool HoldsMaskValue(OnnxTensor constant)
    {
        foreach (float value in constant.Floats)
            if (value <= LargestMaskValue)
                return true;
        return false;
    }
}
