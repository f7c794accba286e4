using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Checks that a graph is one: every value has one producer, nothing hangs, nothing runs in a circle, types are known.</summary>
internal static class ModelChecker
{
    /// <summary>Operators that only a quantized model has. QuantizeLinear and DequantizeLinear are judged by what they read.</summary>
    private static readonly HashSet<string> QuantizedOperators = new(StringComparer.Ordinal)
    {
        "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "DynamicQuantizeLinear", "QuantizeLinear", "DequantizeLinear",
        "QGemm", "QLinearAdd", "QLinearMul", "MatMulIntegerToFloat", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "QAttention",
        "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized", "QLinearSigmoid", "QLinearLeakyRelu", "QLinearConcat",
        "QLinearAveragePool", "QLinearGlobalAveragePool", "QLinearSoftmax",
    };

    /// <summary>Standard operators whose first input may be left out. All others have one, which the stages rely on.</summary>
    private static readonly HashSet<string> OperatorsWithoutInput = new(StringComparer.Ordinal)
    {
        "Constant", "Loop", "Optional", "OptionalHasElement", "RandomNormal", "RandomUniform", "Scan", "SequenceEmpty",
    };

    /// <summary>What is wrong with the model, in words; null when nothing is.</summary>
    public static string? FindProblem(OnnxModel model) =>
        FindProblem(model.Graph, new HashSet<string>(StringComparer.Ordinal)) ?? FindEndlessFunction(model.Functions);

    /// <summary>An operator that says that the model is quantized already; null when there is none.</summary>
    public static string? FindQuantizedOperator(OnnxModel model) => FindQuantizedOperator(model.Graph)
        ?? model.Functions.Select(function => FindQuantizedOperator(function.Body)).FirstOrDefault(found => found is not null);

    private static string? FindQuantizedOperator(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            if (QuantizedOperators.Contains(node.OpType))
                return $"{node.OpType} (node '{node.DisplayName}')";
            foreach (OnnxGraph body in node.Subgraphs)
                if (FindQuantizedOperator(body) is { } found)
                    return found;
        }
        return null;
    }

    private static string? FindProblem(OnnxGraph graph, HashSet<string> outer)
    {
        var known = new HashSet<string>(outer, StringComparer.Ordinal);
        foreach (string input in graph.Proto.Input.Select(input => input.Name))
            known.Add(input);
        foreach (TensorProto initializer in graph.Proto.Initializer)
        {
            if (initializer.Name.Length == 0)
                return "an initializer has no name";
            if (!Enum.IsDefined((OnnxElementType)initializer.DataType) || initializer.DataType == 0)
                return $"the initializer '{initializer.Name}' has the unknown type {initializer.DataType}";
            known.Add(initializer.Name);
        }
        if (Duplicate(graph.InitializerNames) is { } twice)
            return $"there are two initializers named '{twice}'";

        var produced = new HashSet<string>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
            foreach (string output in node.Outputs)
                if (output.Length > 0 && (!produced.Add(output) || graph.IsInitializer(output)))
                    return $"the value '{output}' has two producers, one of them {node}";

        foreach (OnnxNode node in graph.Nodes)
        {
            if (node.OpType.Length == 0)
                return $"the node '{node.DisplayName}' has no operator";
            if (node.Outputs.Count == 0)
                return $"{node} has no output";
            if (node.Domain.Length == 0 && node.Input(0) is null && !OperatorsWithoutInput.Contains(node.OpType))
                return $"{node} lacks its first input";
            foreach (string input in node.Inputs)
                if (input.Length > 0 && !known.Contains(input))
                    return produced.Contains(input)
                        ? TopologicalOrder.Of(graph) is null
                            ? $"{node} is part of a cycle through '{input}'"
                            : $"{node} stands before the producer of its input '{input}'"
                        : $"{node} reads '{input}', which nothing produces";
            foreach (OnnxGraph body in node.Subgraphs)
                if (FindProblem(body, known) is { } problem)
                    return $"in the body of {node}: {problem}";
            known.UnionWith(node.Outputs);
        }

        foreach (string output in graph.OutputNames)
            if (!known.Contains(output))
                return $"the output '{output}' has no producer";
        return null;
    }

    /// <remarks>Takes out, again and again, the functions that call none of those that are left.</remarks>
    private static string? FindEndlessFunction(IReadOnlyList<OnnxFunction> functions)
    {
        List<OnnxFunction> open = [.. functions];
        while (open.Find(function => !open.Exists(function.Calls)) is { } leaf)
            open.Remove(leaf);
        return open.Count == 0 ? null : $"the function '{open[0].Name}' calls itself";
    }

    private static string? Duplicate(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.FirstOrDefault(name => !seen.Add(name));
    }
}
