using System.Buffers.Binary;
using System.Numerics;

namespace QuantBuild.Imaging;

/// <summary>Reads Windows bitmaps with 1, 4, 8, 16, 24 and 32 bits per pixel that are not compressed; a fourth channel is dropped.</summary>
internal sealed class BmpDecoder : IImageDecoder
{
    private const int FileHeaderBytes = 14;
    private const int CoreHeaderBytes = 12;
    private const int InfoHeaderBytes = 40;

    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith("BM"u8);

    public (int Width, int Height) Measure(byte[] file)
    {
        BmpHeader header = ReadHeader(file);
        return (header.Width, header.Height);
    }

    public PixelImage Decode(byte[] file)
    {
        BmpHeader header = ReadHeader(file);
        long stride = (((long)header.Width * header.BitsPerPixel) + 31) / 32 * 4;
        if (header.PixelOffset < FileHeaderBytes || header.PixelOffset + (stride * header.Height) > file.Length)
            throw new InvalidDataException("its picture data ends early; the file is truncated or damaged");

        PixelImage image = PixelImage.Allocate(header.Width, header.Height, 3);
        for (int y = 0; y < header.Height; y++)
        {
            long start = header.PixelOffset + (stride * (header.IsTopDown ? y : header.Height - 1 - y));
            ReadOnlySpan<byte> row = file.AsSpan((int)start, (int)stride);
            if (header.BitsPerPixel <= 8)
                WriteIndexed(header, row, image.Row(y));
            else
                WriteDirect(header, row, image.Row(y));
        }
        return image;
    }

    private static BmpHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < FileHeaderBytes + CoreHeaderBytes)
            throw new InvalidDataException("it ends early; the file is truncated");
        uint pixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeaderBytes..]);
        if (size != CoreHeaderBytes && (size < InfoHeaderBytes || size > 1024))
            throw new InvalidDataException($"its header of {size} bytes is of no known kind");
        if (size > file.Length - FileHeaderBytes)
            throw new InvalidDataException("it ends early; the file is truncated");
        ReadOnlySpan<byte> info = file.Slice(FileHeaderBytes, (int)size);
        bool isCore = size == CoreHeaderBytes;
        int width = isCore ? BinaryPrimitives.ReadUInt16LittleEndian(info[4..]) : BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        int height = isCore ? BinaryPrimitives.ReadUInt16LittleEndian(info[6..]) : BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        PixelImage.CheckSize(width, Math.Abs((long)height));
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(info[(isCore ? 10 : 14)..]);
        uint compression = isCore ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[16..]);
        if (bits is not (1 or 4 or 8 or 16 or 24 or 32))
            throw new InvalidDataException($"it has {bits} bits per pixel, and there are 1, 4, 8, 16, 24 and 32");
        if (compression is not (0 or 3 or 6) || (compression != 0 && bits is not (16 or 32)))
            throw new InvalidDataException("it is a compressed bitmap, which is not read; save it as PNG");

        uint[] masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F] : [0xFF0000, 0xFF00, 0xFF];
        int masksAt = FileHeaderBytes + InfoHeaderBytes;
        if (compression != 0)
        {
            if (file.Length < masksAt + 12)
                throw new InvalidDataException("it ends early; the file is truncated");
            for (int channel = 0; channel < masks.Length; channel++)
                masks[channel] = BinaryPrimitives.ReadUInt32LittleEndian(file[(masksAt + (4 * channel))..]);
        }
        return new BmpHeader(width, Math.Abs(height), height < 0, bits, pixelOffset, masks, Palette(file, info, bits, isCore));
    }

    /// <summary>[colours, 3] red, green, blue; empty without a palette.</summary>
    private static byte[] Palette(ReadOnlySpan<byte> file, ReadOnlySpan<byte> info, int bits, bool isCore)
    {
        if (bits > 8)
            return [];
        uint used = isCore ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[32..]);
        int count = used == 0 ? 1 << bits : (int)Math.Min(used, 1u << bits);
        int entryBytes = isCore ? 3 : 4;
        int start = FileHeaderBytes + info.Length;
        if ((long)count * entryBytes > file.Length - start)
            throw new InvalidDataException("its palette is missing or damaged");
        byte[] palette = new byte[count * 3];
        for (int colour = 0; colour < count; colour++)
            for (int channel = 0; channel < 3; channel++)
                palette[(colour * 3) + channel] = file[start + (colour * entryBytes) + 2 - channel];
        return palette;
    }

    private static void WriteIndexed(BmpHeader header, ReadOnlySpan<byte> row, Span<byte> destination)
    {
        for (int x = 0; x < header.Width; x++)
        {
            long bit = (long)x * header.BitsPerPixel;
            int index = (row[(int)(bit >> 3)] >> (8 - header.BitsPerPixel - (int)(bit & 7))) & ((1 << header.BitsPerPixel) - 1);
            if ((index * 3) + 2 >= header.Palette.Length)
                throw new InvalidDataException($"it uses the colour {index}, and its palette has {header.Palette.Length / 3}; the file is damaged");
            header.Palette.AsSpan(index * 3, 3).CopyTo(destination[(x * 3)..]);
        }
    }

    private static void WriteDirect(BmpHeader header, ReadOnlySpan<byte> row, Span<byte> destination)
    {
        int bytes = header.BitsPerPixel / 8;
        for (int x = 0; x < header.Width; x++)
        {
            ReadOnlySpan<byte> pixel = row.Slice(x * bytes, bytes);
            uint value = bytes switch
            {
                2 => BinaryPrimitives.ReadUInt16LittleEndian(pixel),
                3 => pixel[0] | ((uint)pixel[1] << 8) | ((uint)pixel[2] << 16),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(pixel),
            };
            for (int channel = 0; channel < 3; channel++)
                destination[(x * 3) + channel] = Masked(value, header.Masks[channel]);
        }
    }

    /// <summary>The bits of one channel, spread over 0 to 255.</summary>
    private static byte Masked(uint value, uint mask)
    {
        if (mask == 0)
            return 0;
        ulong largest = mask >> BitOperations.TrailingZeroCount(mask);
        ulong bits = (value & mask) >> BitOperations.TrailingZeroCount(mask);
        return (byte)(bits * 255 / largest);
    }

    /// <param name="Masks">Where red, green and blue are in a pixel of more than 8 bits.</param>
    private sealed record BmpHeader(
        int Width, int Height, bool IsTopDown, int BitsPerPixel, uint PixelOffset, uint[] Masks, byte[] Palette);
}
