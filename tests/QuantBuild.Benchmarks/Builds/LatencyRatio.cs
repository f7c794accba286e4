namespace QuantBuild.Benchmarks.Builds;

/// <summary>How many times faster than the float model a file runs, on one thread.</summary>
internal static class LatencyRatio
{
    /// <summary>Median over rounds of float latency ÷ file latency.</summary>
    public static double Of(string floatPath, string filePath, SampleSet samples, int batchSize) =>
        InterleavedLatency.Measure([floatPath, filePath], samples, batchSize).Ratio(file: 1, other: 0).Median;
}
