namespace QuantBuild.Imaging;

/// <summary>Turns the samples of a PNG row into 8-bit channels.</summary>
internal sealed class PngSamples(PngHeader header, ReadOnlyMemory<byte> palette)
{
    /// <param name="row">[columns] pixels as they are stored.</param>
    /// <param name="left">Column of the first pixel in <paramref name="destination"/>.</param>
    /// <param name="step">Columns from one pixel to the next.</param>
    public void WriteRow(ReadOnlySpan<byte> row, int columns, Span<byte> destination, int left, int step)
    {
        ReadOnlySpan<byte> colours = palette.Span;
        for (int column = 0; column < columns; column++)
        {
            int target = (left + (column * step)) * header.Channels;
            if (header.HasPalette)
            {
                int index = Packed(row, column);
                if ((index * 3) + 2 >= colours.Length)
                    throw new InvalidDataException($"it uses the colour {index}, and its palette has {colours.Length / 3}; the file is damaged");
                colours.Slice(index * 3, 3).CopyTo(destination[target..]);
            }
            else if (header.BitDepth < 8)
            {
                destination[target] = (byte)(Packed(row, column) * (255 / ((1 << header.BitDepth) - 1)));
            }
            else
            {
                int bytes = header.BitDepth / 8;
                int source = column * header.Samples * bytes;
                for (int channel = 0; channel < header.Channels; channel++)
                    destination[target + channel] = row[source + (channel * bytes)];
            }
        }
    }

    /// <summary>One sample of 1, 2, 4 or 8 bits; the first is in the highest bits of its byte.</summary>
    private int Packed(ReadOnlySpan<byte> row, int column)
    {
        long bit = (long)column * header.BitDepth;
        int shift = 8 - header.BitDepth - (int)(bit & 7);
        return (row[(int)(bit >> 3)] >> shift) & ((1 << header.BitDepth) - 1);
    }
}
