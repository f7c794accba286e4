using QuantBuild.Diagnostics;
using QuantBuild.Imaging;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>A data set with an array of pictures in bytes, for a model that takes them as the image settings say.</summary>
internal sealed class PictureArraySource : ISampleSource
{
    private readonly ISampleSource source;
    private readonly SampleArray bytes;
    private readonly PictureInput input;
    private readonly PictureAxes axes;

    private PictureArraySource(ISampleSource source, SampleArray bytes, PictureInput input, PictureAxes axes)
    {
        this.source = source;
        this.bytes = bytes;
        this.input = input;
        this.axes = axes;
        IReadOnlyList<long> shape = input.Measure(axes.Width, axes.Height, $"size in the array '{bytes.Name}'");
        SampleArray pictures = new(bytes.Name, input.ElementType, [bytes.SampleCount, .. shape]);
        Arrays = [.. source.Arrays.Select(array => array == bytes ? pictures : array)];
    }

    public string DisplayPath => source.DisplayPath;

    public IReadOnlyList<SampleArray> Arrays { get; }

    /// <summary>Puts itself between a set and its reader where the array of the model's only input holds bytes that are no input yet.</summary>
    /// <returns><paramref name="source"/> where there is nothing to do.</returns>
    /// <exception cref="QuantBuildException">QB4022: the pictures are of a size that the model does not take.</exception>
    public static ISampleSource OverBytes(ISampleSource source, DiagnosticOrigin? origin, SampleSetRequest request)
    {
        if (request.Pixels is not { } plan || request.Inputs is not [var tensor])
            return source;
        SampleArray[] others = [.. source.Arrays.Where(array => array.Name != request.LabelName)];
        SampleArray? bytes = Array.Find(others, array => array.Name == tensor.Name) ?? (others.Length == 1 ? others[0] : null);
        bool isInputAlready = plan.IsBytes && plan.Resize.Count == 0 && plan.Crop.Count == 0;
        return bytes is { ElementType: OnnxElementType.UInt8, Varies: false } && !isInputAlready && PictureAxes.Of(bytes) is { } axes && source is not FileSampleSource
            ? new PictureArraySource(source, bytes, new PictureInput(plan, source.DisplayPath, origin), axes)
            : source;
    }

    public string NameOf(long index) => source.NameOf(index);

    public ISampleReader OpenReader(IReadOnlyList<string> arrays) =>
        new Reader(this, source.OpenReader(arrays), [.. arrays.Select(name => Arrays.Single(array => array.Name == name))]);

    /// <summary>Where the axes of a picture are in a sample: grey, channels last, or channels first.</summary>
    private sealed record PictureAxes(int Width, int Height, int Channels, bool AreChannelsLast)
    {
        public static PictureAxes? Of(SampleArray array)
        {
            int[] shape = [.. array.Shape.Skip(1).Select(length => (int)Math.Min(length, int.MaxValue))];
            PictureAxes? axes = shape switch
            {
                [var height, var width] => new(width, height, 1, true),
                [var height, var width, 1 or 3] => new(width, height, shape[2], true),
                [1 or 3, var height, var width] => new(width, height, shape[0], false),
                _ => null,
            };
            return axes is { Width: > 0, Height: > 0 } && (long)axes.Width * axes.Height <= PixelImage.MostPixels ? axes : null;
        }

        public PixelImage ImageOf(ReadOnlySpan<byte> sample)
        {
            PixelImage image = PixelImage.Allocate(Width, Height, Channels);
            int plane = Width * Height;
            if (AreChannelsLast || Channels == 1)
                sample.CopyTo(image.Pixels);
            else
                for (int i = 0; i < image.Pixels.Length; i++)
                    image.Pixels[i] = sample[(i % Channels * plane) + (i / Channels)];
            return image;
        }
    }

    private sealed class Reader(PictureArraySource set, ISampleReader reader, SampleArray[] arrays) : WholeSampleReader
    {
        private readonly SampleBuffer bytes = new(set.bytes);

        protected override IReadOnlyList<SampleArray> Arrays => arrays;

        public override bool TryRead(IReadOnlyList<SampleBuffer> destinations)
        {
            int pictures = Array.FindIndex(arrays, array => array.Name == set.bytes.Name);
            if (!reader.TryRead((IReadOnlyList<SampleBuffer>)[.. destinations.Select((buffer, i) => i == pictures ? bytes : buffer)]))
                return false;
            if (pictures >= 0)
                set.input.Write(set.axes.ImageOf(bytes.Bytes.Span), destinations[pictures], "of a sample");
            return true;
        }

        public override void Dispose() => reader.Dispose();
    }
}
