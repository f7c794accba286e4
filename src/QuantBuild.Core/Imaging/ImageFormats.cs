using QuantBuild.Imaging.Jpeg;

namespace QuantBuild.Imaging;

/// <summary>The formats of pictures that are read, told apart by how a file starts and never by its name.</summary>
internal static class ImageFormats
{
    private static readonly IImageDecoder[] decoders = [new PngDecoder(), new JpegDecoder(), new BmpDecoder(), new PnmDecoder()];

    /// <summary>Of files that are taken for pictures when a folder is searched; small letters.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".jpe", ".bmp", ".ppm", ".pgm", ".pnm"];

    /// <exception cref="InvalidDataException">The file is no picture that can be read; the message says what "it" is.</exception>
    public static PixelImage Decode(byte[] file) => DecoderOf(file).Decode(file);

    /// <summary>The size of a picture, for which no pixel is computed.</summary>
    /// <exception cref="InvalidDataException">As of <see cref="Decode"/>.</exception>
    public static (int Width, int Height) Measure(byte[] file) => DecoderOf(file).Measure(file);

    private static IImageDecoder DecoderOf(byte[] file)
    {
        if (file.Length == 0)
            throw new InvalidDataException("it is empty");
        return decoders.FirstOrDefault(decoder => decoder.Recognizes(file))
            ?? throw new InvalidDataException($"it is not a PNG, JPEG, BMP, PPM or PGM picture{Describe(file)}");
    }

    private static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("version https://git-lfs"u8))
            return " but a Git LFS pointer; run 'git lfs pull'";
        if (start.StartsWith("GIF8"u8))
            return " but a GIF";
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..12].SequenceEqual("WEBP"u8))
            return " but WebP";
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8))
            return " but a TIFF";
        return start.TrimStart(" \t\r\n"u8) is [(byte)'<', ..] ? " but a web page or an SVG" : "";
    }
}
