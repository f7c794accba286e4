using QuantBuild.Onnx;

namespace QuantBuild.Placement.Patterns;

/// <summary>Groups of nodes that are one function together, and that must compute in floats although a node alone could run in integers:
/// squares, sums and masks have ranges of which 8 bits keep nothing.</summary>
internal sealed class FloatPatterns
{
    private readonly Dictionary<OnnxNode, string> reasons = [];

    private FloatPatterns()
    {
    }

    public static FloatPatterns Of(OnnxGraph graph)
    {
        var patterns = new FloatPatterns();
        patterns.Add(NormalizationPattern.Find(graph));
        patterns.Add(GeluPattern.Find(graph));
        patterns.Add(ScoresPattern.Find(graph));
        patterns.Add(LogarithmPattern.Find(graph));
        return patterns;
    }

    /// <returns>Null for a node that is in none.</returns>
    public string? ReasonFor(OnnxNode node) => reasons.GetValueOrDefault(node);

    private void Add(IEnumerable<(OnnxNode Node, string Pattern)> found)
    {
        foreach ((OnnxNode node, string pattern) in found)
            reasons.TryAdd(node, $"part of {pattern}: it needs floats");
    }
}
