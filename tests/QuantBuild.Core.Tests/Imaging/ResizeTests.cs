using QuantBuild.Imaging;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Imaging;

/// <summary>Resizing gives the bytes that Pillow gives, with vectors and without.</summary>
[TestClass]
public sealed class ResizeTests
{
    private static readonly string[] filters = ["Nearest", "Bilinear", "Bicubic"];

    [TestMethod]
    public void Fill_Colours_EqualsPillow()
    {
        PixelImage source = Asset.Decode("resize/source.pnm");
        foreach (string filter in filters)
            foreach ((int width, int height) in new[] { (17, 13), (61, 20), (20, 47), (90, 101), (122, 94), (7, 90), (1, 1) })
            {
                PixelImage expected = Asset.Decode($"resize/{filter}-{width}x{height}.pnm");
                Asset.AssertSame(expected, Resize(source, width, height, Array.IndexOf(filters, filter)), $"{filter} {width}x{height}");
            }
    }

    [TestMethod]
    public void Fill_ColoursToGrey_EqualsPillow()
    {
        PixelImage source = Asset.Decode("resize/source.pnm");
        PixelPlan plan = PixelPlans.Bytes(1) with { Resize = [33, 29] };

        (float[] values, int width, int height) = PixelPlans.Apply(plan, source);

        Asset.AssertSame(
            Asset.Decode("resize/Bilinear-grey-33x29.pnm"), new PixelImage(width, height, 1, [.. values.Select(value => (byte)value)]), "grey");
    }

    [TestMethod]
    public void Fill_RandomPixels_EqualsPlainForm()
    {
        Random random = new(11);
        for (int trial = 0; trial < 60; trial++)
        {
            int channels = trial % 2 == 0 ? 3 : 1;
            PixelImage source = Picture(random.Next(1, 60), random.Next(1, 60), channels, trial);
            (int width, int height, int radius) = (random.Next(1, 90), random.Next(1, 90), trial % 3);

            Asset.AssertSame(
                PlainPixels.Resize(source, width, height, radius), Resize(source, width, height, radius),
                $"{source.Width}x{source.Height}x{channels} to {width}x{height}, radius {radius}");
        }
    }

    [TestMethod]
    public void Fill_RandomPixels_IsNearDoublePrecision()
    {
        Random random = new(12);
        for (int trial = 0; trial < 40; trial++)
        {
            PixelImage source = Picture(random.Next(1, 50), random.Next(1, 50), 3, trial);
            (int width, int height, int radius) = (random.Next(1, 70), random.Next(1, 70), 1 + (trial % 2));

            PixelImage actual = Resize(source, width, height, radius);

            double[] expected = InDoublePrecision(source, width, height, radius);
            double most = expected.Select((value, index) => Math.Abs(value - actual.Pixels[index])).Max();
            // Half a code for each of the two roundings, which bicubic weights may enlarge, and the rounding of the weights.
            Assert.IsLessThanOrEqualTo(radius == 1 ? 1.001 : 1.5, most, $"{source.Width}x{source.Height} to {width}x{height}, radius {radius}");
        }
    }

    [TestMethod]
    public void Fill_OtherVectors_EqualsAllTheSame() =>
        Assert.AreEqual(4 * 2, new[] { VectorWidth.None, VectorWidth.Vector128 }.Sum(width => RunWithHardwareDisabled.Run(width, typeof(ResizeOnOtherVectors))));

    internal static PixelImage Picture(int width, int height, int channels, int seed) =>
        new(width, height, channels, PixelPlans.RandomBytes(width * height * channels, seed));

    private static PixelImage Resize(PixelImage source, int width, int height, int filterRadius)
    {
        PixelPlan plan = PixelPlans.Bytes(source.Channels) with { Resize = [width, height], FilterRadius = filterRadius };
        (float[] values, int outputWidth, int outputHeight) = PixelPlans.Apply(plan, source);
        return new PixelImage(outputWidth, outputHeight, source.Channels, [.. values.Select(value => (byte)value)]);
    }

    /// <summary>The same filters written down anew: no integers, only one rounding, between the passes clamped as 8 bits clamp.</summary>
    private static double[] InDoublePrecision(PixelImage image, int width, int height, int radius)
    {
        double[] narrow = Pass(
            width, image.Width, image.Height, radius, (x, y, c) => image.Pixels[(((y * image.Width) + x) * 3) + c], (x, y) => (y * width) + x);
        return Pass(height, image.Height, width, radius, (y, x, c) => narrow[(((y * width) + x) * 3) + c], (y, x) => (y * width) + x);
    }

    private static double[] Pass(
        int newLength, int oldLength, int lines, int radius, Func<int, int, int, double> source, Func<int, int, int> target)
    {
        double[] result = new double[newLength * lines * 3];
        double scale = Math.Max((double)oldLength / newLength, 1);
        for (int line = 0; line < lines; line++)
            for (int i = 0; i < newLength; i++)
                for (int c = 0; c < 3; c++)
                {
                    double center = (i + 0.5) * oldLength / newLength;
                    double[] weights = [.. Enumerable.Range(0, oldLength).Select(j => Kernel((j + 0.5 - center) / scale, radius))];
                    double sum = weights.Select((weight, j) => weight * source(j, line, c)).Sum();
                    result[(target(i, line) * 3) + c] = Math.Clamp(sum / weights.Sum(), 0, 255);
                }
        return result;
    }

    private static double Kernel(double x, int radius) => (Math.Abs(x), radius) switch
    {
        ( < 1 and var t, 1) => 1 - t,
        ( < 1 and var t, 2) => (1.5 * t * t * t) - (2.5 * t * t) + 1,
        ( < 2 and var t, 2) => (-0.5 * t * t * t) + (2.5 * t * t) - (4 * t) + 2,
        _ => 0,
    };
}

/// <summary>Run in processes with other vectors.</summary>
[TestClass]
public sealed class ResizeOnOtherVectors
{
    [TestMethod]
    public void Colours() => new ResizeTests().Fill_Colours_EqualsPillow();

    [TestMethod]
    public void Grey() => new ResizeTests().Fill_ColoursToGrey_EqualsPillow();

    [TestMethod]
    public void RandomPixels() => new ResizeTests().Fill_RandomPixels_EqualsPlainForm();

    [TestMethod]
    public void Numbers() => new PixelPipelineTests().Fill_Normalized_HasTheBitsOfTorchvision();
}
