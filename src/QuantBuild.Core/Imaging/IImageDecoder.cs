namespace QuantBuild.Imaging;

/// <summary>Reads pictures of one format.</summary>
internal interface IImageDecoder
{
    /// <summary>Whether a file that starts like this is of the format.</summary>
    bool Recognizes(ReadOnlySpan<byte> start);

    /// <summary>The size of a picture, which its header tells.</summary>
    /// <param name="file">One that the decoder recognizes.</param>
    /// <exception cref="InvalidDataException">The header is damaged, or of a kind that is not read; the message says what "it" is.</exception>
    (int Width, int Height) Measure(byte[] file);

    /// <param name="file">One that the decoder recognizes.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or of a kind that is not read; the message says what "it" is.</exception>
    PixelImage Decode(byte[] file);
}
