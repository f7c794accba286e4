using System.IO.Compression;

namespace QuantBuild.Imaging;

/// <summary>
/// Reads PNG pictures of every colour type and bit depth, interlaced ones too. Of 16 bits the upper 8 are kept; transparency is dropped,
/// as <c>Image.convert("RGB")</c> of Pillow does it.
/// </summary>
internal sealed class PngDecoder : IImageDecoder
{
    /// <summary>Deflate cannot pack more bytes into one.</summary>
    private const long HighestCompression = 1032;

    /// <summary>Left, top, horizontal and vertical step of the seven passes of an interlaced picture.</summary>
    private static readonly (int Left, int Top, int StepX, int StepY)[] interlacedPasses =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int Left, int Top, int StepX, int StepY)[] onePass = [(0, 0, 1, 1)];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    public (int Width, int Height) Measure(byte[] file)
    {
        PngChunk first = PngChunks.Of(file).FirstOrDefault();
        if (first.Type != "IHDR")
            throw new InvalidDataException("it does not start with its header; the file is damaged");
        PngHeader header = PngHeader.Parse(first.Data.Span);
        return (header.Width, header.Height);
    }

    public PixelImage Decode(byte[] file)
    {
        PngHeader? header = null;
        ReadOnlyMemory<byte> palette = default;
        List<ReadOnlyMemory<byte>> packed = [];
        foreach (PngChunk chunk in PngChunks.Of(file))
        {
            if (header is null != (chunk.Type == "IHDR"))
                throw new InvalidDataException("it does not start with its header; the file is damaged");
            if (chunk.Type == "IHDR")
                header = PngHeader.Parse(chunk.Data.Span);
            else if (chunk.Type == "PLTE")
                palette = chunk.Data;
            else if (chunk.Type == "IDAT")
                packed.Add(chunk.Data);
            else if (char.IsAsciiLetterUpper(chunk.Type[0]))
                throw new InvalidDataException($"it has a chunk {chunk.Type}, which is unknown and cannot be left out");
        }

        if (header is null || packed.Count == 0)
            throw new InvalidDataException("it holds no picture; the file is damaged");
        if (header.HasPalette && (palette.IsEmpty || palette.Length % 3 != 0 || palette.Length > 256 * 3))
            throw new InvalidDataException("its palette is missing or damaged");
        return Unpack(header, new PngSamples(header, palette), packed);
    }

    private static PixelImage Unpack(PngHeader header, PngSamples samples, List<ReadOnlyMemory<byte>> packed)
    {
        long size = Passes(header).Sum(pass => (long)pass.Rows * (pass.RowBytes + 1));
        long packedSize = packed.Sum(part => (long)part.Length);
        if (size > packedSize * HighestCompression)
            throw new InvalidDataException("it has less data than its size demands; the file is damaged");

        PixelImage image = PixelImage.Allocate(header.Width, header.Height, header.Channels);
        using ZLibStream stream = new(new MemoryStream(Join(packed, (int)packedSize), writable: false), CompressionMode.Decompress);
        foreach (PngPass pass in Passes(header))
        {
            byte[] above = new byte[pass.RowBytes];
            byte[] row = new byte[pass.RowBytes];
            for (int y = 0; y < pass.Rows; y++)
            {
                int filter = Read(stream, row);
                PngFilter.Undo(filter, row, above, header.FilterDistance);
                samples.WriteRow(row, pass.Columns, image.Row(pass.Top + (y * pass.StepY)), pass.Left, pass.StepX);
                (row, above) = (above, row);
            }
        }
        return image;
    }

    private static int Read(ZLibStream stream, byte[] row)
    {
        try
        {
            int filter = stream.ReadByte();
            if (filter < 0)
                throw new EndOfStreamException();
            stream.ReadExactly(row);
            return filter;
        }
        catch (EndOfStreamException cause)
        {
            throw new InvalidDataException("its picture data ends early; the file is truncated or damaged", cause);
        }
    }

    private static byte[] Join(List<ReadOnlyMemory<byte>> parts, int size)
    {
        byte[] joined = new byte[size];
        int position = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.CopyTo(joined.AsMemory(position));
            position += part.Length;
        }
        return joined;
    }

    private static IEnumerable<PngPass> Passes(PngHeader header) =>
        from pass in header.IsInterlaced ? interlacedPasses : onePass
        let columns = (header.Width - pass.Left + pass.StepX - 1) / pass.StepX
        let rows = (header.Height - pass.Top + pass.StepY - 1) / pass.StepY
        where columns > 0 && rows > 0
        select new PngPass(columns, rows, (int)((((long)columns * header.BitsPerPixel) + 7) / 8), pass.Left, pass.Top, pass.StepX, pass.StepY);

    /// <summary>Rows that are stored as a picture of their own.</summary>
    private sealed record PngPass(int Columns, int Rows, int RowBytes, int Left, int Top, int StepX, int StepY);
}
