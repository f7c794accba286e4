using QuantBuild.Onnx;

namespace QuantBuild.Benchmarks.Models;

/// <summary>Nodes of a float file that compute with weights.</summary>
internal static class WeightedNodes
{
    private static readonly string[] Operators = ["Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "RNN", "Gather"];

    /// <summary>Products, convolutions, recurrent layers and tables whose constant has at least two axes, in all bodies.</summary>
    public static int Count(OnnxGraph graph) => graph.WithBodies.Sum(part => part.Nodes.Count(node =>
        Operators.Any(node.Is) && node.Inputs.Any(input => ConstantOf(part, input) is { ElementType: OnnxElementType.Float, Rank: > 1 })));

    /// <summary>An initializer, or what a Constant node gives.</summary>
    private static OnnxTensor? ConstantOf(OnnxGraph graph, string value) =>
        graph.InitializerOf(value)
        ?? (graph.OwnerOf(value)?.ProducerOf(value) is { } producer && producer.Is("Constant") ? producer.GetTensor("value") : null);
}
