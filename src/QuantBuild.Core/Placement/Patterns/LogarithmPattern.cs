using QuantBuild.Onnx;

namespace QuantBuild.Placement.Patterns;

/// <summary>
/// <code>
/// Log(Clip(MatMul(Conv(sound)², mel)))
/// </code>
/// A logarithm turns relative errors into absolute ones, and one step of 8 bits is many times the smallest values of a spectrum. What computes its
/// argument stays float, back to the layer behind which only magnitudes are taken; a sum with weights of one sign keeps relative errors as they
/// are, so that the layer before it counts too.
/// </summary>
internal static class LogarithmPattern
{
    private const string Argument = "the argument of a logarithm";

    private static readonly HashSet<string> KeepingSmallValues = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "Clip", "Div", "Max", "Min", "Mul", "Pow", "Relu", "Sqrt", "Sub", "Sum",
        "AveragePool", "GlobalAveragePool", "MaxPool", "ReduceL1", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceSum", "ReduceSumSquare",
        "Cast", "Concat", "Expand", "Flatten", "Gather", "Identity", "Pad", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze",
    };

    private static readonly HashSet<string> Layers = new(StringComparer.Ordinal) { "Conv", "ConvTranspose", "Gemm", "MatMul" };

    /// <summary>Values from 0 to 1, the small ones of which a logarithm pulls apart; their own input needs no more than others.</summary>
    private static readonly HashSet<string> Probabilities = new(StringComparer.Ordinal) { "HardSigmoid", "Sigmoid", "Softmax" };

    public static IEnumerable<(OnnxNode Node, string Pattern)> Find(OnnxGraph graph)
    {
        var found = new HashSet<OnnxNode>();
        foreach (OnnxNode logarithm in graph.Nodes.Where(node => node.Is("Log")))
            AddProducer(logarithm.Inputs[0], graph, found);
        return graph.Nodes.Where(found.Contains).Select(node => (node, Argument));
    }

    private static void AddProducer(string value, OnnxGraph graph, HashSet<OnnxNode> found)
    {
        if (graph.ProducerOf(value) is not { Domain: "" } node)
            return;
        bool isLayer = Layers.Contains(node.OpType);
        bool continues = KeepingSmallValues.Contains(node.OpType) || (isLayer && AddsUpWithOneSign(node, graph));
        if ((continues || isLayer || Probabilities.Contains(node.OpType)) && found.Add(node) && continues)
            foreach (string input in node.Inputs)
                AddProducer(input, graph, found);
    }

    private static bool AddsUpWithOneSign(OnnxNode layer, OnnxGraph graph) => layer.Inputs.Any(input =>
        graph.InitializerOf(input) is { ElementType: OnnxElementType.Float, Rank: > 1 } weights && !weights.Floats.ContainsAnyInRange(float.MinValue, -float.Epsilon));
}
