using QuantBuild.Imaging;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Imaging;

/// <summary>Sizes, crops, colours, numbers and layouts.</summary>
[TestClass]
public sealed class PixelPipelineTests
{
    [TestMethod]
    [DataRow(500, 375, 256, 341, 256)]
    [DataRow(375, 500, 256, 256, 341)]
    [DataRow(300, 300, 224, 224, 224)]
    [DataRow(10, 3, 7, 23, 7)]
    [DataRow(1, 5, 2, 2, 10)]
    public void Measure_ShorterSide_KeepsTheAspectRatioAsTorchvision(int width, int height, int side, int expectedWidth, int expectedHeight)
    {
        PixelPipeline pipeline = (PixelPlans.Bytes(1) with { Resize = [side] }).CreatePipeline();

        pipeline.Measure(width * height, width, height, width, PixelPipeline.Gray8, out int outputWidth, out int outputHeight);

        Assert.AreEqual((expectedWidth, expectedHeight), (outputWidth, outputHeight));
    }

    /// <summary>int(round((size − crop) / 2)) of Python, which rounds halves to even numbers.</summary>
    [TestMethod]
    [DataRow(8, 4, 2)]
    [DataRow(9, 4, 2)]
    [DataRow(11, 4, 4)]
    [DataRow(5, 4, 0)]
    [DataRow(7, 4, 2)]
    public void Fill_CenterCrop_StartsWhereTorchvisionStarts(int length, int cropped, int expected)
    {
        byte[] ramp = [.. Enumerable.Range(0, length).Select(value => (byte)value)];
        PixelPlan plan = PixelPlans.Bytes(1);

        float[] row = PixelPlans.Apply(plan with { Crop = [cropped, 1] }, ramp, length, 1, length, PixelPipeline.Gray8).Values;
        float[] column = PixelPlans.Apply(plan with { Crop = [1, cropped] }, ramp, 1, length, 1, PixelPipeline.Gray8).Values;

        CollectionAssert.AreEqual(Enumerable.Range(expected, cropped).Select(value => (float)value).ToArray(), row);
        CollectionAssert.AreEqual(row, column);
    }

    [TestMethod]
    public void Fill_CropLargerThanPicture_PadsWithZeros()
    {
        PixelPlan plan = PixelPlans.Bytes(1) with { Crop = [5, 2] };

        float[] values = PixelPlans.Apply(plan, [1, 2, 3, 4, 5, 6], 2, 3, 2, PixelPipeline.Gray8).Values;

        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 0, 0, 0, 3, 4, 0, 0 }, values);
    }

    [TestMethod]
    [DataRow(PixelPipeline.Rgb24, new byte[] { 1, 2, 3 }, new float[] { 1, 2, 3 })]
    [DataRow(PixelPipeline.Bgr24, new byte[] { 3, 2, 1 }, new float[] { 1, 2, 3 })]
    [DataRow(PixelPipeline.Rgba32, new byte[] { 1, 2, 3, 99 }, new float[] { 1, 2, 3 })]
    [DataRow(PixelPipeline.Bgra32, new byte[] { 3, 2, 1, 99 }, new float[] { 1, 2, 3 })]
    [DataRow(PixelPipeline.Gray8, new byte[] { 7 }, new float[] { 7, 7, 7 })]
    public void Fill_Format_GivesRedGreenBlue(int format, byte[] pixel, float[] expected)
    {
        CollectionAssert.AreEqual(expected, PixelPlans.Apply(PixelPlans.Bytes(3), pixel, 1, 1, pixel.Length, format).Values);
        CollectionAssert.AreEqual(
            expected.Reverse().ToArray(), PixelPlans.Apply(PixelPlans.Bytes(3) with { IsBgr = true }, pixel, 1, 1, pixel.Length, format).Values);
    }

    [TestMethod]
    public void Fill_ChannelsFirst_IsTheTransposeOfChannelsLast()
    {
        byte[] pixels = PixelPlans.RandomBytes(5 * 7 * 3, 3);

        float[] last = PixelPlans.Apply(PixelPlans.Bytes(3), pixels, 5, 7, 15, PixelPipeline.Rgb24).Values;
        float[] first = PixelPlans.Apply(PixelPlans.Bytes(3) with { IsChannelsLast = false }, pixels, 5, 7, 15, PixelPipeline.Rgb24).Values;

        for (int i = 0; i < last.Length; i++)
            Assert.AreEqual(last[i], first[(i % 3 * 35) + (i / 3)]);
    }

    [TestMethod]
    public void Fill_Stride_SkipsWhatIsBetweenRows()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 99, 99, 7, 8, 9, 10, 11, 12];

        CollectionAssert.AreEqual(
            Enumerable.Range(1, 12).Select(value => (float)value).ToArray(),
            PixelPlans.Apply(PixelPlans.Bytes(3), pixels, 2, 2, 8, PixelPipeline.Rgb24).Values);
    }

    /// <summary>ToTensor and Normalize of torchvision: division, subtraction and division, each rounded to float32.</summary>
    [TestMethod]
    public void Fill_Normalized_HasTheBitsOfTorchvision()
    {
        float[] mean = [0.485f, 0.456f, 0.406f];
        float[] std = [0.229f, 0.224f, 0.225f];
        byte[] pixels = PixelPlans.RandomBytes(40 * 30 * 3, 4);
        PixelPlan plan = PixelPlans.Bytes(3) with { Divisor = 255, Mean = mean, Std = std };

        float[] values = PixelPlans.Apply(plan, pixels, 40, 30, 120, PixelPipeline.Rgb24).Values;

        for (int i = 0; i < values.Length; i++)
        {
            float scaled = pixels[i] / 255f;
            float centered = scaled - mean[i % 3];
            Assert.AreEqual(BitConverter.SingleToInt32Bits(centered / std[i % 3]), BitConverter.SingleToInt32Bits(values[i]));
        }
    }

    [TestMethod]
    public void Fill_Bytes_StayAsTheyAre()
    {
        byte[] pixels = PixelPlans.RandomBytes(6 * 4 * 3, 5);
        byte[] values = new byte[pixels.Length];

        (PixelPlans.Bytes(3) with { IsBytes = true }).CreatePipeline().Fill(pixels, 6, 4, 18, PixelPipeline.Rgb24, values.AsSpan());

        CollectionAssert.AreEqual(pixels, values);
    }

    [TestMethod]
    [DataRow(12, 2, 2, 6, 9, "no pixel format 9", "format")]
    [DataRow(12, 0, 2, 6, 0, "width must be positive", "width")]
    [DataRow(12, 2, -1, 6, 0, "height must be positive", "height")]
    [DataRow(12, 2, 2, 5, 0, "takes 6 bytes, so the stride", "stride")]
    [DataRow(11, 2, 2, 6, 0, "takes 12 bytes, but there are 11", "pixels")]
    [DataRow(12, int.MaxValue, int.MaxValue, int.MaxValue, 0, "the stride must be at least", "stride")]
    [DataRow(12, 2, 2, 6, 0, "The model takes pictures of 4 × any pixels, but this one has 2 × 2", "width")]
    public void Measure_Impossible_SaysWhy(int length, int width, int height, int stride, int format, string reason, string parameter)
    {
        PixelPipeline pipeline = (PixelPlans.Bytes(3) with { Width = 4 }).CreatePipeline();

        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(
            () => pipeline.Measure(length, width, height, stride, format, out _, out _));

        StringAssert.Contains(exception.Message, reason);
        Assert.AreEqual(parameter, exception.ParamName);
    }

    [TestMethod]
    public void Measure_LongAndThinPicture_IsNotEnlargedWithoutLimit()
    {
        PixelPipeline pipeline = (PixelPlans.Bytes(1) with { Resize = [256], Crop = [224, 224] }).CreatePipeline();

        Assert.ThrowsExactly<ArgumentException>(
            () => pipeline.Measure(100_000, 1, 100_000, 1, PixelPipeline.Gray8, out _, out _));
    }
}
