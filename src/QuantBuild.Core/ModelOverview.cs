namespace QuantBuild;

/// <summary>What a model is made of, and what quantizing it would do.</summary>
/// <param name="QuantizedBy">An operator that shows that the model is quantized already; null for a float model.</param>
/// <param name="Operators">The most frequent first.</param>
/// <param name="Constants">By element type, the largest first.</param>
/// <param name="Placement">Null for a model that is quantized already.</param>
internal sealed record ModelOverview(
    string Model,
    long Bytes,
    int Opset,
    string? QuantizedBy,
    IReadOnlyList<ValueOverview> Inputs,
    IReadOnlyList<ValueOverview> Outputs,
    IReadOnlyList<OperatorOverview> Operators,
    IReadOnlyList<ConstantOverview> Constants,
    PlacementOverview? Placement)
{
    public long Parameters => Constants.Sum(constant => constant.Parameters);
}

/// <param name="Type">With its shape: <c>float32 [N,1,28,28]</c>.</param>
internal sealed record ValueOverview(string Name, string Type);

/// <param name="Operator">With its domain, where that is not the standard one: <c>com.microsoft.Gelu</c>.</param>
/// <param name="Parameters">Elements of the constants that these nodes read; one that several nodes read counts for the first of them.</param>
internal sealed record OperatorOverview(string Operator, int Nodes, long Parameters);

internal sealed record ConstantOverview(string Type, int Tensors, long Parameters, long Bytes);

/// <summary>What would run in integers, and what would stay float.</summary>
/// <param name="Scheme">The scheme that it holds for.</param>
/// <param name="Basis">Where the shapes come from: <c>data</c>, <c>made-up inputs</c>, or <c>none</c> where the model did not run.</param>
/// <param name="Problem">Why the model did not run; null when it did.</param>
/// <param name="IntegerMultiplyAddsShare">Null when no shape is known.</param>
/// <param name="Groups">Nodes of one fate and reason, the largest first.</param>
/// <param name="Nodes">Every node of the model as it is prepared for quantizing, in its order.</param>
internal sealed record PlacementOverview(
    string Scheme,
    string Basis,
    string? Problem,
    double? IntegerMultiplyAddsShare,
    IReadOnlyList<PlacementGroup> Groups,
    IReadOnlyList<PlacedNode> Nodes)
{
    public const string FromData = "data";

    public const string MadeUp = "made-up inputs";

    public const string Unknown = "none";
}

/// <param name="Runs"><c>integers</c>, <c>fused</c> (part of an integer kernel), <c>dynamic</c> (integers, with ranges found at every run) or <c>float</c>.</param>
/// <param name="Reason">Why it stays float; null otherwise.</param>
/// <param name="Operators">Operator → number of nodes.</param>
internal sealed record PlacementGroup(string Runs, string? Reason, int Nodes, IReadOnlyDictionary<string, int> Operators);

/// <param name="Shape">Of its first output for one sample; null when it was not seen.</param>
/// <param name="MultiplyAdds">For one sample; null when no shape is known.</param>
internal sealed record PlacedNode(string Name, string Operator, string Runs, string? Reason, IReadOnlyList<long>? Shape, long? MultiplyAdds);
