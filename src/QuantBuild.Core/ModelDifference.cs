namespace QuantBuild;

/// <summary>How far the values of one model are from those of another on the same samples.</summary>
/// <param name="Samples">On which the outputs were compared.</param>
/// <param name="Names">How values were found in the other model: <c>report</c> or <c>equal names</c>.</param>
/// <param name="Layers">Inner values, the worst first.</param>
internal sealed record ModelDifference(
    string First, string Second, long Samples, string Names, IReadOnlyList<ValueDifference> Outputs, IReadOnlyList<ValueDifference> Layers);

/// <param name="Value">Name in the first model.</param>
/// <param name="Node">The node that gives it in the first model; null for an output that is also an input.</param>
/// <param name="SqnrDecibels">Power of the value over that of the difference; null when both are the same or zero.</param>
/// <param name="CosineSimilarity">Of all samples together.</param>
/// <param name="Agreement">Share of the samples whose largest element is the same one; null where a sample has one element only.</param>
internal sealed record ValueDifference(
    string Value, string? Node, string? Operator, double? SqnrDecibels, double CosineSimilarity, double MaxDifference, double? Agreement)
{
    /// <summary>True when all elements are the same.</summary>
    public bool IsEqual => MaxDifference == 0;
}
