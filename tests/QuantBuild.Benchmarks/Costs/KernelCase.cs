using QuantBuild.Placement.Costs;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>One kernel at one size, as chains of equal nodes: what a longer chain takes more is the node alone, without what surrounds it.</summary>
/// <param name="Kernel">Name in the table of costs.</param>
/// <param name="Shape">Of the model's input <c>x</c>.</param>
/// <param name="Float">A model with so many nodes in a row, in float.</param>
/// <param name="Integer">The same between QuantizeLinear and DequantizeLinear.</param>
/// <param name="FloatWork">Of one node.</param>
/// <param name="IntegerWork">Of one node.</param>
internal sealed record KernelCase(
    string Kernel,
    long[] Shape,
    Func<int, byte[]> Float,
    Func<int, byte[]> Integer,
    KernelWork FloatWork,
    KernelWork IntegerWork)
{
    /// <summary>True when the integer model holds what the float model holds and the kernel besides: the difference is what is wanted.</summary>
    public bool IsSurcharge { get; init; }
}
