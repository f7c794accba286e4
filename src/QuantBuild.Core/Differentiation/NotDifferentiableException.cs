namespace QuantBuild.Differentiation;

/// <summary>A node computes something that has no gradient here.</summary>
/// <param name="reason">Starts in lower case, as the end of a sentence.</param>
internal sealed class NotDifferentiableException(string reason) : Exception(reason);
