using QuantBuild.Onnx;

namespace QuantBuild.Placement.Patterns;

/// <summary>
/// <code>
/// y = x · (1 + erf(x / √2)) / 2
/// y = x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2
/// </code>
/// in any order of the operands and of the halving.
/// </summary>
internal static class GeluPattern
{
    /// <summary>x³ in products, a sum and two factors are six nodes.</summary>
    private const int DeepestArgument = 8;

    private static readonly HashSet<string> OfArgument = new(StringComparer.Ordinal) { "Add", "Mul", "Div", "Pow" };

    public static IEnumerable<(OnnxNode Node, string Pattern)> Find(OnnxGraph graph) => graph.Nodes
        .Where(node => node.Is("Erf") || node.Is("Tanh"))
        .SelectMany(node => Around(graph, node))
        .Select(node => (node, "a GELU"));

    private static IEnumerable<OnnxNode> Around(OnnxGraph graph, OnnxNode curve)
    {
        var nodes = new HashSet<OnnxNode> { curve };
        OnnxNode last = curve;
        bool shifted = false;
        while (OnlyReader(graph, last) is { } next && ReadsConstant(graph, next) && (next.Is("Add") || next.Is("Mul") || next.Is("Div")))
        {
            shifted |= next.Is("Add");
            nodes.Add(last = next);
        }
        if (!shifted || OnlyReader(graph, last) is not { } product || !product.Is("Mul"))
            return [];
        nodes.Add(product);

        string factor = product.Inputs[product.Inputs[0] == last.Outputs[0] ? 1 : 0];
        if (!Computes(graph, curve.Inputs[0], factor, nodes, DeepestArgument))
        {
            if (graph.ProducerOf(factor) is not { } halving || !(halving.Is("Mul") || halving.Is("Div")) || !ReadsConstant(graph, halving)
                || !Computes(graph, curve.Inputs[0], halving.Inputs[graph.IsInitializer(halving.Inputs[0]) ? 1 : 0], nodes,
                DeepestArgument))
                return [];
            nodes.Add(halving);
        }
        if (OnlyReader(graph, product) is { } halved && (halved.Is("Mul") || halved.Is("Div")) && ReadsConstant(graph, halved))
            nodes.Add(halved);
        return nodes;
    }

    /// <summary>True when the value follows from x and constants alone; then the nodes between are added.</summary>
    private static bool Computes(OnnxGraph graph, string value, string x, HashSet<OnnxNode> nodes, int deepest)
    {
        if (value == x || graph.IsInitializer(value))
            return true;
        if (deepest == 0 || graph.ProducerOf(value) is not { Domain: "" } producer || !OfArgument.Contains(producer.OpType)
            || !producer.Inputs.All(input => Computes(graph, input, x, nodes, deepest - 1)))
            return false;
        nodes.Add(producer);
        return true;
    }

    private static bool ReadsConstant(OnnxGraph graph, OnnxNode node) => node.Inputs.Any(graph.IsInitializer);

    private static OnnxNode? OnlyReader(OnnxGraph graph, OnnxNode node) =>
        !graph.IsOutput(node.Outputs[0]) && graph.ConsumersOf(node.Outputs[0]) is [var reader] ? reader : null;
}
