using QuantBuild.Onnx;

namespace QuantBuild.Benchmarks.Models;

/// <summary>Nodes of a float file that compute with weights.</summary>
internal static class WeightedNodes
{
    private static readonly string[] Operators = ["Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "RNN", "Gather"];

    /// <summary>Products, convolutions, recurrent layers and tables whose constant has at least two axes, in all bodies.</summary>
    public static int Count(OnnxGraph graph) => Count(graph, new HashSet<string>());

    /// <param name="outer">Weights of the graphs around it, by name.</param>
    private static int Count(OnnxGraph graph, IReadOnlySet<string> outer)
    {
        var weights = new HashSet<string>(outer, StringComparer.Ordinal);
        weights.UnionWith(graph.InitializerNames.Where(name => IsWeight(graph.InitializerOf(name))));
        weights.UnionWith(graph.Nodes.Where(node => node.Is("Constant") && IsWeight(node.GetTensor("value"))).Select(node => node.Outputs[0]));
        return graph.Nodes.Sum(node =>
            (Operators.Any(node.Is) && node.Inputs.Any(weights.Contains) ? 1 : 0) + node.Subgraphs.Sum(body => Count(body, weights)));
    }

    private static bool IsWeight(OnnxTensor? tensor) => tensor is { ElementType: OnnxElementType.Float, Shape.Count: > 1 };
}
