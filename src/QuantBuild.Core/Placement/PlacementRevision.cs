using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>What the calibration samples showed and structure could not: the plan is made again without these.</summary>
/// <param name="Values">Values that no 8-bit range serves, with what is wrong: <c>holds infinite values</c>.</param>
/// <param name="Nodes">Nodes that stay float although each of their values could be quantized, with the reason.</param>
internal sealed record PlacementRevision(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<OnnxNode, string> Nodes)
{
    public static PlacementRevision None { get; } = new(new Dictionary<string, string>(), new Dictionary<OnnxNode, string>());

    public bool IsEmpty => Values.Count == 0 && Nodes.Count == 0;

    /// <returns>Null when nothing speaks against the node.</returns>
    public string? ReasonFor(PlannedNode node)
    {
        if (Nodes.TryGetValue(node.Node, out string? reason))
            return reason;
        IEnumerable<string> quantized = node.ActivationInputs.Select(input => node.Node.Inputs[input]).Concat(node.QuantizesOutput ? node.Outputs : []);
        return quantized.FirstOrDefault(Values.ContainsKey) is { } value ? $"'{value}' {Values[value]}" : null;
    }
}
