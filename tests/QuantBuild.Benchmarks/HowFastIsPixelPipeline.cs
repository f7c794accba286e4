using BenchmarkDotNet.Attributes;
using QuantBuild.Imaging;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks;

/// <summary>What does the input of a classifier cost, of a picture of 640 × 480 pixels, and what does its resizing cost pixel by pixel?</summary>
public class HowFastIsPixelPipeline
{
    private readonly PixelImage image = new(640, 480, 3, PixelPlans.RandomBytes(640 * 480 * 3, seed: 1));
    private readonly float[] input = new float[3 * 224 * 224];
    private readonly PixelPipeline classifier = (PixelPlans.Bytes(3) with
    {
        Resize = [256], Crop = [224, 224], Divisor = 255, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f], IsChannelsLast = false,
    }).CreatePipeline();

    private readonly PixelPipeline numbers = (PixelPlans.Bytes(3) with { Crop = [224, 224], IsChannelsLast = false }).CreatePipeline();

    [Benchmark(Baseline = true)]
    public object ResizePlainly() => PlainPixels.Resize(image, 341, 256, filterRadius: 1);

    [Benchmark]
    public void ResizeCropAndNormalize() => classifier.Fill(image.Pixels, 640, 480, 640 * 3, PixelPipeline.Rgb24, input.AsSpan());

    [Benchmark]
    public void CropAndNormalize() => numbers.Fill(image.Pixels, 640, 480, 640 * 3, PixelPipeline.Rgb24, input.AsSpan());
}
