using QuantBuild.Settings;

namespace QuantBuild.Placement.Costs;

/// <summary>One operator in both of its forms.</summary>
internal sealed record KernelCostPair(KernelCost Float, KernelCost Integer)
{
    public KernelCostPair Times(KernelFactors factors) => new(Float.Times(factors.Float), Integer.Times(factors.Integer));
}
