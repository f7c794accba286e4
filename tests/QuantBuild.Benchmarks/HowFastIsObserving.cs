using BenchmarkDotNet.Attributes;
using QuantBuild.Numerics;

namespace QuantBuild.Benchmarks;

/// <summary>What does a calibration pay for each activation that it observes, and is that more for rectified values, which fall into one bin?</summary>
public class HowFastIsObserving
{
    private readonly float[] copy = new float[ActivationValues.Length];
    private readonly long[] counts = new long[HistogramGrid.BinCount];
    private readonly StreamingHistogram histogram = new();
    private float[] source = [];
    private HistogramGrid grid;

    [Params(false, true)]
    public bool IsRectified { get; set; }

    [GlobalSetup]
    public void MakeValues()
    {
        source = ActivationValues.Make(IsRectified);
        grid = HistogramGrid.Of(source.Min(), source.Max());
    }

    [Benchmark(Baseline = true)]
    public void CopyFloats() => source.AsSpan().CopyTo(copy);

    [Benchmark]
    public bool ScanMinMax() => MinMaxKernel.Scan(source).HasNaN;

    [Benchmark]
    public bool ScanMinMaxScalar() => MinMaxKernel.ScanScalar(source).HasNaN;

    [Benchmark]
    public void CountBins() => HistogramKernel.Count(source, counts, grid);

    [Benchmark]
    public void CountBinsScalar() => HistogramKernel.CountScalar(source, counts, grid);

    [Benchmark]
    public void AddToStreamingHistogram() => histogram.Add(source);
}
