namespace QuantBuild.Imaging;

/// <summary>A picture in memory, 8 bits per channel, rows from the top without gaps.</summary>
/// <param name="Channels">1 for grey, 3 for red, green, blue.</param>
/// <param name="Pixels">[Height, Width, Channels].</param>
internal sealed record PixelImage(int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>Largest picture that is read.</summary>
    public const long MostPixels = 64L << 20;

    /// <summary>Has to be asked before anything of the picture's size is allocated.</summary>
    /// <exception cref="InvalidDataException">There is no picture of that size, or it is too large.</exception>
    public static void CheckSize(long width, long height)
    {
        if (width <= 0 || height <= 0)
            throw new InvalidDataException($"its size is {width} × {height} pixels");
        if (width > MostPixels || height > MostPixels || width * height > MostPixels)
            throw new InvalidDataException($"it has {width} × {height} pixels, and at most {MostPixels} are read");
    }

    /// <summary>A black picture to be filled.</summary>
    /// <exception cref="InvalidDataException">As of <see cref="CheckSize"/>.</exception>
    public static PixelImage Allocate(int width, int height, int channels)
    {
        CheckSize(width, height);
        return new PixelImage(width, height, channels, new byte[(long)width * height * channels]);
    }

    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);
}
