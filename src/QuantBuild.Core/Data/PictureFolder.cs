using QuantBuild.Imaging;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>A folder of pictures, one sample each; sub-folders or <c>labels.csv</c> say of which class they are.</summary>
internal sealed class PictureFolder(PictureInput pictures) : ISampleFileReader
{
    public static readonly SampleFormat Format = new(
        "a folder of pictures (PNG, JPEG, BMP, PPM, PGM)",
        data => data.HoldsFiles([.. ImageFormats.Extensions]),
        Open);

    private const long LargestFile = 1L << 29;

    /// <summary>Whether there is a folder with pictures; what is wrong with it is told when it is opened.</summary>
    public static bool IsAt(string? path)
    {
        try
        {
            return Directory.Exists(path) && Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Any(file => ImageFormats.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Nothing is read where all samples have one shape.</summary>
    public (OnnxElementType ElementType, IReadOnlyList<long> Shape) Describe(DataFile file, TensorSignature? tensor)
    {
        if (pictures.Shape is { } shape)
            return (pictures.ElementType, shape);
        (int width, int height) = ImageFormats.Measure(ReadAll(file));
        return (pictures.ElementType, pictures.Measure(width, height, $"'{file.Name}'"));
    }

    public void Read(DataFile file, TensorSignature? tensor, SampleBuffer destination) =>
        pictures.Write(ImageFormats.Decode(ReadAll(file)), destination, $"'{file.Name}'");

    private static FileSampleSource Open(DataPath data, SampleSetRequest request)
    {
        PixelPlan plan = request.Pixels ?? throw data.Folder!.Problem("it holds pictures, and the model takes none");
        FolderLayout layout = FolderLayout.Of(data.Folder!, request, [.. ImageFormats.Extensions]);
        return new FileSampleSource(data.Folder!, layout, request, new PictureFolder(new PictureInput(plan, data.DisplayPath, data.Origin)));
    }

    private static byte[] ReadAll(DataFile file) => file.SizeBytes <= LargestFile
        ? File.ReadAllBytes(file.Path)
        : throw new InvalidDataException($"it has more than {LargestFile >> 20} MiB");
}
