namespace QuantBuild.Precision;

/// <summary>The values that the codes of a tensor reach from and to; beyond them it saturates.</summary>
internal readonly record struct TensorRange(float Minimum, float Maximum);
