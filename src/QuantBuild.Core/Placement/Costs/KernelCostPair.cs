namespace QuantBuild.Placement.Costs;

/// <summary>One operator in both of its forms.</summary>
internal sealed record KernelCostPair(KernelCost Float, KernelCost Integer);
