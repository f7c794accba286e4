using QuantBuild.Imaging;

namespace QuantBuild.Testing;

/// <summary>What <see cref="PixelPipeline"/> computes, pixel by pixel and without vectors: the reference for tests and benchmarks.</summary>
internal static class PlainPixels
{
    /// <summary>Resamples one channel after the other, first along rows, then along columns.</summary>
    public static PixelImage Resize(PixelImage image, int width, int height, int filterRadius)
    {
        PixelAxis columns = new(image.Width, width, 0, width, filterRadius);
        PixelAxis rows = new(image.Height, height, 0, height, filterRadius);
        PixelImage narrow = PixelImage.Allocate(width, image.Height, image.Channels);
        for (int y = 0; y < narrow.Height; y++)
            for (int x = 0; x < width; x++)
                for (int channel = 0; channel < image.Channels; channel++)
                    narrow.Pixels[At(narrow, x, y, channel)] =
                        Sum(columns, x, index => image.Pixels[At(image, index, y, channel)]);

        PixelImage resized = PixelImage.Allocate(width, height, image.Channels);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int channel = 0; channel < image.Channels; channel++)
                    resized.Pixels[At(resized, x, y, channel)] =
                        Sum(rows, y, index => narrow.Pixels[At(narrow, x, index, channel)]);
        return resized;
    }

    private static int At(PixelImage image, int x, int y, int channel) => (((y * image.Width) + x) * image.Channels) + channel;

    private static byte Sum(PixelAxis axis, int target, Func<int, byte> source)
    {
        long sum = 1L << (PixelAxis.WeightBits - 1);
        for (int tap = 0; tap < axis.Counts[target]; tap++)
            sum += (long)source(axis.Starts[target] + tap) * axis.Weights[(target * axis.MostCount) + tap];
        return (byte)Math.Clamp(sum >> PixelAxis.WeightBits, 0, 255);
    }
}
