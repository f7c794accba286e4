using BenchmarkDotNet.Attributes;
using QuantBuild.Imaging;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks;

/// <summary>What does a picture of 640 × 480 pixels cost to read? The JPEG files are made like those of the tests, by cjpeg with quality 75.</summary>
public class HowFastIsReadingPictures
{
    private const string Folder = "tests/QuantBuild.Benchmarks/Pictures";

    private readonly byte[] baseline = File.ReadAllBytes(Path.Combine(RepositoryFolder.Find(), Folder, "420.jpg"));
    private readonly byte[] progressive = File.ReadAllBytes(Path.Combine(RepositoryFolder.Find(), Folder, "420-progressive.jpg"));
    private byte[] bitmap = [];

    [GlobalSetup]
    public void MakeBitmap()
    {
        PixelImage image = ImageFormats.Decode(baseline);
        bitmap = [.. "P6 640 480 255\n"u8, .. image.Pixels];
    }

    [Benchmark(Baseline = true)]
    public object ReadPpm() => ImageFormats.Decode(bitmap);

    [Benchmark]
    public object ReadJpeg() => ImageFormats.Decode(baseline);

    [Benchmark]
    public object ReadProgressiveJpeg() => ImageFormats.Decode(progressive);

    [Benchmark]
    public (int Width, int Height) MeasureJpeg() => ImageFormats.Measure(baseline);
}
