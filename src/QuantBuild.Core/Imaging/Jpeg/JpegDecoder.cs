namespace QuantBuild.Imaging.Jpeg;

/// <summary>
/// Reads baseline, extended and progressive JPEG pictures with Huffman codes, 8 bits, grey or three channels, with the very pixels that
/// libjpeg-turbo's defaults give. The orientation in EXIF data is not applied, as <c>Image.open</c> of Pillow does not.
/// </summary>
internal sealed class JpegDecoder : IImageDecoder
{
    public bool Recognizes(ReadOnlySpan<byte> start) => start is [0xFF, 0xD8, 0xFF, ..];

    public (int Width, int Height) Measure(byte[] file) => new JpegSegments(file).Measure();

    public PixelImage Decode(byte[] file) => new JpegSegments(file).Read();
}
