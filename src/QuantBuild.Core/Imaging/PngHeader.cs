using System.Buffers.Binary;

namespace QuantBuild.Imaging;

/// <summary>The chunk IHDR: size and storage of a PNG picture.</summary>
/// <param name="BitDepth">Bits of one sample.</param>
/// <param name="Samples">Per pixel: 1 grey or index, 2 grey and alpha, 3 colours, 4 colours and alpha.</param>
internal sealed record PngHeader(int Width, int Height, int BitDepth, int Samples, bool HasPalette, bool IsInterlaced)
{
    public int BitsPerPixel => BitDepth * Samples;

    /// <summary>Distance to the byte that filters take for the left neighbour.</summary>
    public int FilterDistance => Math.Max(1, BitsPerPixel / 8);

    /// <summary>Of the picture that is made; alpha is not part of it.</summary>
    public int Channels => HasPalette || Samples >= 3 ? 3 : 1;

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
            throw new InvalidDataException("its header does not have 13 bytes; the file is damaged");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        PixelImage.CheckSize(width, height);
        (int bitDepth, int colourType, int interlace) = (data[8], data[9], data[12]);
        (int samples, int[] bitDepths) = colourType switch
        {
            0 => (1, new[] { 1, 2, 4, 8, 16 }),
            2 => (3, [8, 16]),
            3 => (1, [1, 2, 4, 8]),
            4 => (2, [8, 16]),
            6 => (4, [8, 16]),
            _ => throw new InvalidDataException($"its colour type {colourType} does not exist; the file is damaged"),
        };
        if (!bitDepths.Contains(bitDepth))
            throw new InvalidDataException($"there is no bit depth {bitDepth} with colour type {colourType}; the file is damaged");
        if (data[10] != 0 || data[11] != 0 || interlace > 1)
            throw new InvalidDataException("its compression, filter or interlace method does not exist; the file is damaged");
        return new PngHeader((int)width, (int)height, bitDepth, samples, colourType == 3, interlace == 1);
    }
}
