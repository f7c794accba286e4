using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>The generated method that takes pixels feeds the model with the very bits that calibration fed it with.</summary>
[TestClass]
public sealed class GeneratedPixelsTests
{
    private const int Trials = 12;

    [TestMethod]
    public void Run_RandomPictures_FeedsTheBitsOfCalibration()
    {
        PixelPlan[] plans =
        [
            PixelPlans.Bytes(3) with
            {
                Resize = [20], Crop = [17, 16], Divisor = 255, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f], IsChannelsLast = false,
                Width = 17, Height = 16,
            },
            PixelPlans.Bytes(3) with { Resize = [9, 14], FilterRadius = 2, Divisor = 127.5f, Offset = -1, IsBgr = true },
            PixelPlans.Bytes(1) with { Resize = [33], FilterRadius = 0, Crop = [40, 12], IsChannelsLast = false, Rank = 3 },
            PixelPlans.Bytes(1) with { Mean = [1.5f], Std = [3f], FilterRadius = 1, Resize = [64, 48] },
        ];
        foreach (PixelPlan plan in plans)
            AssertSameBits(plan);
    }

    [TestMethod]
    public void Run_Bytes_FeedsTheBytesOfCalibration()
    {
        PixelPlan plan = PixelPlans.Bytes(3) with { IsBytes = true, Resize = [12, 10] };
        byte[] pixels = PixelPlans.RandomBytes(31 * 23 * 3, 5);
        byte[] expected = new byte[12 * 10 * 3];
        plan.CreatePipeline().Fill(pixels, 31, 23, 93, PixelPipeline.Rgb24, expected.AsSpan());

        using GeneratedProgram program = Program(plan);

        CollectionAssert.AreEqual(expected, program.Call<byte[]>("Feed", pixels, 31, 23, 93, PixelPipeline.Rgb24));
    }

    [TestMethod]
    public void Run_VectorsSwitchedOff_FeedsTheSameBits() =>
        Assert.AreEqual(1, RunWithHardwareDisabled.Run(VectorWidth.None, typeof(GeneratedPixelsWithoutVectors)));

    [TestMethod]
    [DataRow(9, 10, 30, 0, 300, "pixels", "takes 300 bytes, but there are 9")]
    [DataRow(300, 0, 30, 0, 300, "width", "must be positive")]
    [DataRow(300, 10, 29, 0, 300, "stride", "takes 30 bytes")]
    [DataRow(300, 10, 30, 7, 300, "format", "no pixel format 7")]
    [DataRow(300, 5, 30, 0, 300, "width", "The model takes pictures of 10 × 10 pixels, but this one has 5 × 10")]
    public void Run_NoSuchPicture_IsRefused(int length, int width, int stride, int format, int _, string parameter, string reason)
    {
        PixelPlan plan = PixelPlans.Bytes(3) with { Width = 10, Height = 10 };
        using GeneratedProgram program = Program(plan);

        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(
            () => program.Call<float[]>("Feed", new byte[length], width, 10, stride, format));

        Assert.AreEqual(parameter, exception.ParamName);
        StringAssert.Contains(exception.Message, reason);
    }

    [TestMethod]
    public void Run_ManyThreads_DoNotDisturbEachOther()
    {
        PixelPlan plan = PixelPlans.Bytes(3) with { Resize = [16, 16] };
        using GeneratedProgram program = Program(plan);
        byte[][] pictures = [.. Enumerable.Range(0, 40).Select(seed => PixelPlans.RandomBytes(40 * 30 * 3, seed))];

        float[][] values = [.. pictures.AsParallel().AsOrdered().WithDegreeOfParallelism(4)
            .Select(pixels => program.Call<float[]>("Feed", pixels, 40, 30, 120, PixelPipeline.Rgb24))];

        for (int i = 0; i < pictures.Length; i++)
            CollectionAssert.AreEqual(PixelPlans.Apply(plan, pictures[i], 40, 30, 120, PixelPipeline.Rgb24).Values, values[i]);
    }

    private static void AssertSameBits(PixelPlan plan)
    {
        using GeneratedProgram program = Program(plan);
        Random random = new(plan.Channels);
        for (int trial = 0; trial < Trials; trial++)
        {
            int format = trial % 5;
            (int width, int height) = (random.Next(1, 70), random.Next(1, 70));
            int stride = (width * (format == PixelPipeline.Gray8 ? 1 : format >= PixelPipeline.Rgba32 ? 4 : 3)) + (trial % 3 * 5);
            byte[] pixels = PixelPlans.RandomBytes(stride * height, trial);
            float[] expected = PixelPlans.Apply(plan, pixels, width, height, stride, format).Values;

            float[] fed = program.Call<float[]>("Feed", pixels, width, height, stride, format);

            CollectionAssert.AreEqual(
                expected.Select(BitConverter.SingleToInt32Bits).ToArray(), fed.Select(BitConverter.SingleToInt32Bits).ToArray(),
                $"{width} x {height}, stride {stride}, format {format}");
        }
    }

    /// <summary>A model that gives back what it is fed with.</summary>
    private static GeneratedProgram Program(PixelPlan plan)
    {
        OnnxDimension channels = new(plan.Channels, null);
        OnnxDimension height = plan.Height > 0 ? new(plan.Height, null) : new(null, "h");
        OnnxDimension width = plan.Width > 0 ? new(plan.Width, null) : new(null, "w");
        OnnxDimension[] shape = plan.IsChannelsLast ? [height, width, channels] : [channels, height, width];
        TensorSignature input = new(
            "pixels", plan.IsBytes ? OnnxElementType.UInt8 : OnnxElementType.Float, plan.Rank == 4 ? [new(null, "n"), .. shape] : shape);
        string element = plan.IsBytes ? "byte" : "float";
        return new GeneratedProgram(IdentityModel.SignatureOf(input), IdentityModel.Of(input), $$"""
            private static readonly Model model = Model.Load();
            public static {{element}}[] Feed(byte[] pixels, int width, int height, int stride, int format)
            {
                return model.Run(pixels, width, height, stride, (Model.PixelFormat)format).OutPixels.ToArray();
            }
            """, pixels: plan);
    }
}

/// <summary>Run in a process without vectors.</summary>
[TestClass]
public sealed class GeneratedPixelsWithoutVectors
{
    [TestMethod]
    public void RandomPictures() => new GeneratedPixelsTests().Run_RandomPictures_FeedsTheBitsOfCalibration();
}
