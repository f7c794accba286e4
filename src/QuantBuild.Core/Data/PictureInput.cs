using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Imaging;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>Makes samples of pictures, by the code that is also in the generated class.</summary>
/// <param name="displayPath">Of the data set, for messages.</param>
internal sealed class PictureInput(PixelPlan plan, string displayPath, DiagnosticOrigin? origin)
{
    private readonly PixelPipeline pipeline = plan.CreatePipeline();

    public OnnxElementType ElementType => plan.IsBytes ? OnnxElementType.UInt8 : OnnxElementType.Float;

    /// <summary>The shape of every sample; null when it depends on the picture.</summary>
    public IReadOnlyList<long>? Shape
    {
        get
        {
            IReadOnlyList<int> size = plan.Crop.Count > 0 ? plan.Crop : plan.Resize.Count == 2 ? plan.Resize : [plan.Width, plan.Height];
            return size[0] > 0 && size[1] > 0 ? ShapeOf(size[0], size[1]) : null;
        }
    }

    /// <summary>The shape of the sample that a picture of this size becomes.</summary>
    /// <param name="name">Of the picture, for messages.</param>
    /// <exception cref="QuantBuildException">QB4022: the model takes no picture of this size.</exception>
    public IReadOnlyList<long> Measure(int width, int height, string name) => Guard(name, () =>
    {
        PixelImage.CheckSize(width, height);
        pipeline.Measure(int.MaxValue, width, height, width, PixelPipeline.Gray8, out int inputWidth, out int inputHeight);
        return ShapeOf(inputWidth, inputHeight);
    });

    /// <inheritdoc cref="Measure"/>
    public void Write(PixelImage image, SampleBuffer destination, string name)
    {
        IReadOnlyList<long> shape = Measure(image.Width, image.Height, name);
        long elements = shape.Aggregate(1L, (product, length) => product * length);
        Memory<byte> sample = destination.Reserve(shape, checked((int)(elements * ElementType.SizeBytes())));
        int format = image.Channels == 1 ? PixelPipeline.Gray8 : PixelPipeline.Rgb24;
        int stride = image.Width * image.Channels;
        if (plan.IsBytes)
            pipeline.Fill(image.Pixels, image.Width, image.Height, stride, format, sample.Span);
        else
            pipeline.Fill(image.Pixels, image.Width, image.Height, stride, format, MemoryMarshal.Cast<byte, float>(sample.Span));
    }

    private long[] ShapeOf(int width, int height) => plan.IsChannelsLast ? [height, width, plan.Channels] : [plan.Channels, height, width];

    private T Guard<T>(string name, Func<T> measure)
    {
        try
        {
            return measure();
        }
        catch (ArgumentException cause)
        {
            string why = cause.Message.Split(" (Parameter", 2)[0];
            throw new QuantBuildException(DiagnosticCatalogue.PictureMisfit.At(origin, name, displayPath, why), cause);
        }
    }
}
