using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// Values that differ from run to run: those of random operators and of a Dropout that trains, and all that follows from them.
/// </summary>
internal static class RandomValues
{
    private static readonly HashSet<string> RandomOperators = new(StringComparer.Ordinal)
    {
        "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
    };

    /// <param name="graph">In topological order; functions of the model are inlined.</param>
    public static IReadOnlySet<string> Of(OnnxGraph graph)
    {
        var random = new HashSet<string>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
            if (IsRandom(node, graph) || node.Inputs.Any(random.Contains)
                || node.Subgraphs.Any(body => body.WithBodies.Any(inner => inner.Nodes.Any(nested => IsRandom(nested, inner)))
                    || body.CapturedNames().Any(random.Contains)))
                random.UnionWith(node.Outputs);
        return random;
    }

    private static bool IsRandom(OnnxNode node, OnnxGraph graph) =>
        node.Domain.Length == 0 && (RandomOperators.Contains(node.OpType) || Trains(node, graph));

    private static bool Trains(OnnxNode node, OnnxGraph graph) =>
        node.Is("Dropout") && node.Input(2) is { } training && !IsFalse(graph.ConstantAnywhere(training));

    private static bool IsFalse(OnnxTensor? value) => value is { Bytes: [0] };
}
