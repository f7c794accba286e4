using QuantBuild.Imaging;

namespace QuantBuild.Testing;

/// <summary>Plans for tests, and pictures of random pixels.</summary>
internal static class PixelPlans
{
    /// <summary>Takes pictures as they are and gives their bytes as numbers.</summary>
    public static PixelPlan Bytes(int channels) => new(
        channels, IsChannelsLast: true, IsBgr: false, [], [], FilterRadius: 1, Divisor: 1, Offset: 0,
        [.. Enumerable.Repeat(0f, channels)], [.. Enumerable.Repeat(1f, channels)], Width: 0, Height: 0, Rank: 4, IsBytes: false);

    /// <summary>The input that the plan makes of a picture, with its width and height.</summary>
    public static (float[] Values, int Width, int Height) Apply(PixelPlan plan, byte[] pixels, int width, int height, int stride, int format)
    {
        PixelPipeline pipeline = plan.CreatePipeline();
        pipeline.Measure(pixels.Length, width, height, stride, format, out int outputWidth, out int outputHeight);
        float[] values = new float[outputWidth * outputHeight * plan.Channels];
        pipeline.Fill(pixels, width, height, stride, format, values.AsSpan());
        return (values, outputWidth, outputHeight);
    }

    public static (float[] Values, int Width, int Height) Apply(PixelPlan plan, PixelImage image) => Apply(
        plan, image.Pixels, image.Width, image.Height, image.Width * image.Channels,
        image.Channels == 1 ? PixelPipeline.Gray8 : PixelPipeline.Rgb24);

    public static byte[] RandomBytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
