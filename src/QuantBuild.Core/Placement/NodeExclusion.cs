using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Placement;

/// <summary>The nodes that the user keeps in float.</summary>
internal sealed class NodeExclusion
{
    private const int MostSuggestions = 5;

    private readonly HashSet<string> nodes;
    private readonly HashSet<string> operators;

    private NodeExclusion(IEnumerable<string> nodes, IEnumerable<string> operators)
    {
        this.nodes = new HashSet<string>(nodes, StringComparer.Ordinal);
        this.operators = new HashSet<string>(operators, StringComparer.Ordinal);
    }

    public static NodeExclusion None { get; } = new([], []);

    /// <summary>A name may be that of the node or of one of its outputs, as the report prints it. A name that nothing has is an error.</summary>
    public static NodeExclusion From(QuantizationSettings settings, OnnxGraph graph, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        OnnxNode[] all = [.. graph.WithBodies.SelectMany(part => part.Nodes)];
        var names = new HashSet<string>(all.SelectMany(node => node.Outputs.Append(node.Name)), StringComparer.Ordinal);
        var types = new HashSet<string>(all.Select(node => node.OpType), StringComparer.Ordinal);
        foreach (string node in settings.ExcludedNodes.Where(node => !names.Contains(node)))
            problems.Add(Unknown("ExcludedNodes", "node", node, all.Select(candidate => candidate.DisplayName)));
        foreach (string type in settings.ExcludedOperators.Where(type => !types.Contains(type)))
            problems.Add(Unknown("ExcludedOperators", "operator", type, all.Select(candidate => candidate.OpType)));
        return new NodeExclusion(settings.ExcludedNodes, settings.ExcludedOperators);

        Diagnostic Unknown(string setting, string kind, string name, IEnumerable<string> candidates) => DiagnosticCatalogue.UnknownNode.At(
            origin with { Setting = setting },
            settings.DisplayPath,
            kind,
            name,
            Suggestion(name, [.. candidates]));
    }

    /// <summary>Names of nodes are long, and people write parts of them.</summary>
    private static string Suggestion(string name, string[] candidates)
    {
        if (NearestName.Find(name, candidates) is { } nearest)
            return $" Did you mean '{nearest}'?";
        string[] longer = [.. candidates.Where(candidate => candidate.Contains(name, StringComparison.OrdinalIgnoreCase)).Take(MostSuggestions)];
        return longer.Length == 0 ? "" : $" These contain it: {string.Join(", ", longer.Select(candidate => $"'{candidate}'"))}.";
    }

    /// <summary>Initializers that excluded nodes read.</summary>
    public IReadOnlySet<string> WeightsOf(OnnxGraph graph) => graph.Nodes
        .Where(node => ReasonFor(node) is not null)
        .SelectMany(node => node.Inputs)
        .Where(graph.IsConstant)
        .ToHashSet(StringComparer.Ordinal);

    /// <returns>Null when the node is not excluded.</returns>
    public string? ReasonFor(OnnxNode node)
    {
        if (operators.Contains(node.OpType))
            return "excluded by ExcludedOperators";
        return nodes.Contains(node.Name) || node.Outputs.Any(nodes.Contains) ? "excluded by ExcludedNodes" : null;
    }
}
