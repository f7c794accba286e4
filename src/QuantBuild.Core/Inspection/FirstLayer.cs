using QuantBuild.Onnx;

namespace QuantBuild.Inspection;

/// <summary>The first node with weights that reads an input, where nothing before it changes the size of values.</summary>
/// <param name="Input">Of the model.</param>
/// <param name="Node">A BatchNormalization may be the first itself.</param>
/// <param name="Output">Of the node, its bias added.</param>
/// <param name="Bias">Per channel; null when there is none.</param>
/// <param name="Normalization">The BatchNormalization that reads the output; null when none does.</param>
internal sealed record FirstLayer(string Input, OnnxNode Node, string Output, OnnxTensor? Bias, OnnxNode? Normalization)
{
    private static readonly HashSet<string> KeepsSizes = new(StringComparer.Ordinal)
    {
        "Identity", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Pad", "Dropout",
    };

    /// <returns>Null when the model treats its input otherwise, in which case nothing can be told.</returns>
    public static FirstLayer? Of(OnnxGraph graph, string input)
    {
        string value = input;
        while (OnlyReader(graph, value) is { } node)
        {
            if (node.Is("BatchNormalization"))
                return new FirstLayer(input, node, value, null, node);
            if (node.Is("Conv") || node.Is("Gemm") || node.Is("MatMul"))
                return OfWeights(graph, input, node);
            if (node.Domain.Length > 0 || !KeepsSizes.Contains(node.OpType))
                return null;
            value = node.Outputs[0];
        }
        return null;
    }

    private static FirstLayer? OfWeights(OnnxGraph graph, string input, OnnxNode node)
    {
        if (graph.InitializerOf(node.Inputs[1]) is null)
            return null;
        string output = node.Outputs[0];
        OnnxTensor? bias = node.Inputs.Count > 2 ? graph.InitializerOf(node.Inputs[2]) : null;
        OnnxNode? next = OnlyReader(graph, output);
        if (bias is null && next?.Is("Add") == true && next.Inputs.Select(name => graph.InitializerOf(name)).FirstOrDefault(tensor => tensor is not null) is { } added)
        {
            bias = added;
            output = next.Outputs[0];
            next = OnlyReader(graph, output);
        }
        return new FirstLayer(input, node, output, bias, next?.Is("BatchNormalization") == true ? next : null);
    }

    private static OnnxNode? OnlyReader(OnnxGraph graph, string value) =>
        graph.ConsumersOf(value) is [{ Domain: "" } only] && only.Subgraphs.Count == 0 ? only : null;
}
