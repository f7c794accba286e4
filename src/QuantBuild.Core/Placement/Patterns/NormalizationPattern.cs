using QuantBuild.Onnx;

namespace QuantBuild.Placement.Patterns;

/// <summary>
/// <code>
/// d = x − mean(x), y = d / √(mean(d²) + ε) · γ + β      layer normalization, also as x · (γ/σ) + (β − mean · γ/σ)
/// y = x / √(mean(x²) + ε) · γ                           RMS normalization
/// y = x / max(√(sum(x²)), ε)                            L2 normalization
/// </code>
/// </summary>
internal static class NormalizationPattern
{
    private static readonly HashSet<string> Means = new(StringComparer.Ordinal) { "ReduceMean", "GlobalAveragePool" };

    private static readonly HashSet<string> Sums = new(StringComparer.Ordinal) { "ReduceSum", "ReduceSumSquare", "ReduceL2" };

    /// <summary>What is done with statistics and with what was divided by them.</summary>
    private static readonly HashSet<string> Arithmetic = new(StringComparer.Ordinal)
    {
        "Add", "Sub", "Mul", "Div", "Sqrt", "Pow", "Reciprocal", "Max", "Min", "Clip", "Cast", "Expand", "Unsqueeze", "Neg",
    };

    public static IEnumerable<(OnnxNode Node, string Pattern)> Find(OnnxGraph graph)
    {
        foreach (OnnxNode reduction in graph.Nodes)
            if (SquaredBy(graph, reduction, out OnnxNode? square) is { } deviation)
                foreach ((OnnxNode Node, string Pattern) found in Around(graph, reduction, square, deviation))
                    yield return found;
    }

    /// <returns>The value whose squares the node sums up; null when it is none of these.</returns>
    private static string? SquaredBy(OnnxGraph graph, OnnxNode reduction, out OnnxNode? square)
    {
        square = null;
        if (reduction.Is("ReduceL2") || reduction.Is("ReduceSumSquare"))
            return reduction.Inputs[0];
        if (reduction.Domain.Length > 0 || !(Means.Contains(reduction.OpType) || Sums.Contains(reduction.OpType)))
            return null;
        square = graph.ProducerOf(reduction.Inputs[0]);
        if (square?.Is("Mul") == true && square.Inputs[0] == square.Inputs[1])
            return square.Inputs[0];
        return square?.Is("Pow") == true && graph.InitializerOf(square.Inputs[1]) is { ElementType: OnnxElementType.Float, Length
            : 1 } exponent
            && exponent.Floats[0] == 2 ? square.Inputs[0] : null;
    }

    private static IEnumerable<(OnnxNode Node, string Pattern)> Around(OnnxGraph graph, OnnxNode reduction, OnnxNode? square,
        string deviation)
    {
        var part = new Part(graph);
        part.Take(reduction, Kind.Statistic);
        if (square is not null)
            part.Take(square, Kind.Data);
        part.Know(deviation, Kind.Data);
        bool centred = false;
        if (graph.ProducerOf(deviation) is { } subtraction && subtraction.Is("Sub")
            && graph.ProducerOf(subtraction.Inputs[1]) is { Domain: "" } mean && Means.Contains(mean.OpType)
            && mean.Inputs[0] == subtraction.Inputs[0])
        {
            centred = true;
            part.Take(mean, Kind.Statistic);
            part.Take(subtraction, Kind.Data);
            part.Know(mean.Inputs[0], Kind.Data);
        }
        part.Follow();
        string pattern = centred ? "a layer normalization" : Sums.Contains(reduction.OpType) ? "an L2 normalization"
            : "an RMS normalization";
        return part.Divides ? part.Nodes.Select(node => (node, pattern)) : [];
    }

    private enum Kind
    {
        /// <summary>The values that are normalized, their deviations and squares.</summary>
        Data,

        /// <summary>Follows from means, sums and constants alone.</summary>
        Statistic,

        Normalized,
    }

    private sealed class Part(OnnxGraph graph)
    {
        private readonly Dictionary<string, Kind> kinds = new(StringComparer.Ordinal);
        private readonly Queue<string> open = new();

        public HashSet<OnnxNode> Nodes { get; } = [];

        /// <summary>True when data was put together with statistics.</summary>
        public bool Divides => kinds.ContainsValue(Kind.Normalized);

        public void Know(string value, Kind kind) => kinds.TryAdd(value, kind);

        public void Take(OnnxNode node, Kind kind)
        {
            if (!Nodes.Add(node))
                return;
            Know(node.Outputs[0], kind);
            if (kind != Kind.Data)
                open.Enqueue(node.Outputs[0]);
        }

        public void Follow()
        {
            while (open.TryDequeue(out string? value))
                foreach (OnnxNode reader in graph.ConsumersOf(value))
                    if (reader.Domain.Length == 0 && Arithmetic.Contains(reader.OpType) && KindOf(reader) is { } kind)
                        Take(reader, kind);
        }

        /// <returns>Null when the node reads something from outside.</returns>
        private Kind? KindOf(OnnxNode node)
        {
            Kind result = Kind.Statistic;
            bool statistics = false;
            foreach (string input in node.Inputs.Where(input => input.Length > 0 && !graph.IsInitializer(input)))
            {
                if (!kinds.TryGetValue(input, out Kind kind))
                    return null;
                statistics |= kind == Kind.Statistic;
                if (kind != Kind.Statistic)
                    result = Kind.Normalized;
            }
            return result == Kind.Normalized && !statistics && !IsGainOrOffset(node) ? null : result;
        }

        /// <summary>γ and β are constants that are multiplied with and added to what was normalized.</summary>
        private bool IsGainOrOffset(OnnxNode node) =>
            (node.Is("Mul") || node.Is("Add")) && node.Inputs.Any(graph.IsInitializer)
            && node.Inputs.Any(input => kinds.TryGetValue(input, out Kind kind) && kind == Kind.Normalized);
    }
}
