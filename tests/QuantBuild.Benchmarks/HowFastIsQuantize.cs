using BenchmarkDotNet.Attributes;
using QuantBuild.Numerics;

namespace QuantBuild.Benchmarks;

/// <summary>How near are the element-wise kernels to copying memory, and how far from their scalar references?</summary>
public class HowFastIsQuantize
{
    private readonly float[] source = ActivationValues.Make(isRectified: false);
    private readonly float[] floats = new float[ActivationValues.Length];
    private readonly byte[] codes = new byte[ActivationValues.Length];

    [Benchmark(Baseline = true)]
    public void CopyFloats() => source.AsSpan().CopyTo(floats);

    [Benchmark]
    public void QuantizeToUInt8() => QuantizeKernel.QuantizeToUInt8(source, codes, 0.03f, 128, CodeRange.UInt8);

    [Benchmark]
    public void QuantizeScalar() => QuantizeKernel.QuantizeScalar(source, codes, 0.03f, 128, CodeRange.UInt8);

    [Benchmark]
    public void DequantizeFromUInt8() => DequantizeKernel.DequantizeFromUInt8(codes, floats, 0.03f, 128);

    [Benchmark]
    public void DequantizeScalar() => DequantizeKernel.DequantizeScalar(codes, floats, 0.03f, 128);

    [Benchmark]
    public void FakeQuantize() => FakeQuantizeKernel.FakeQuantize(source, floats, 0.03f, 128, CodeRange.UInt8);

    [Benchmark]
    public void FakeQuantizeScalar() => FakeQuantizeKernel.FakeQuantizeScalar(source, floats, 0.03f, 128, CodeRange.UInt8);
}
