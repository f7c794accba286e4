using BenchmarkDotNet.Attributes;
using QuantBuild.Numerics;

namespace QuantBuild.Benchmarks;

/// <summary>What does the fixed order of the sum cost against reading the two tensors once?</summary>
public class HowFastIsSquaredError
{
    private readonly float[] reference = ActivationValues.Make(isRectified: false);
    private readonly float[] other = ActivationValues.Make(isRectified: true);

    [Benchmark(Baseline = true)]
    public void CopyFloats() => reference.AsSpan().CopyTo(other);

    [Benchmark]
    public double Sum() => SquaredErrorKernel.Sum(reference, other).Error;

    [Benchmark]
    public double SumScalar() => SquaredErrorKernel.SumScalar(reference, other).Error;
}
