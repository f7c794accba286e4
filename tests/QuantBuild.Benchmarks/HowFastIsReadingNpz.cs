using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using QuantBuild.Data;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks;

/// <summary>What does reading samples cost against reading the file's bytes, with and without compression?</summary>
public class HowFastIsReadingNpz
{
    private const int SampleCount = 1024;
    private const int SampleLength = 784;
    private readonly TemporaryFolder folder = new();
    private readonly Memory<byte>[] sample = [new byte[SampleLength * sizeof(float)]];

    [GlobalSetup]
    public void WriteFiles()
    {
        // Pixels of 256 levels, as images have them: what makes them compressible.
        float[] values = [.. ActivationValues.Make(isRectified: true).Select(value => MathF.Round(value * 60) / 255)];
        float[] images = [.. Enumerable.Range(0, SampleCount * SampleLength).Select(i => values[i % values.Length])];
        NamedArray array = NamedArray.Of("image", [SampleCount, SampleLength], images);
        NpzWriter.Write(folder.File("stored.npz"), CompressionLevel.NoCompression, array);
        NpzWriter.Write(folder.File("compressed.npz"), CompressionLevel.Optimal, array);
    }

    [GlobalCleanup]
    public void DeleteFiles() => folder.Dispose();

    [Benchmark(Baseline = true)]
    public int ReadBytes() => File.ReadAllBytes(folder.File("stored.npz")).Length;

    [Benchmark]
    public int ReadStored() => Read("stored.npz");

    [Benchmark]
    public int ReadCompressed() => Read("compressed.npz");

    private int Read(string name)
    {
        using ISampleReader reader = NpzSampleSource.Open(folder.File(name), name, null).OpenReader(["image"]);
        int count = 0;
        while (reader.TryRead(sample))
            count++;
        return count;
    }
}
