namespace QuantBuild.Imaging.Jpeg;

/// <summary>Which coefficients a scan brings, and how many of their bits (ITU T.81, annex G).</summary>
/// <param name="First">In zigzag order.</param>
/// <param name="Last">In zigzag order, included.</param>
/// <param name="High">0 in the first scan of a coefficient, then the bit before <paramref name="Low"/>.</param>
/// <param name="Low">The lowest bit that the scan brings.</param>
internal readonly record struct SpectralBand(int First, int Last, int High, int Low)
{
    public static SpectralBand All { get; } = new(0, 63, 0, 0);
}

/// <summary>Reads the coefficients of one block from the bits of a scan.</summary>
internal sealed class BlockDecoder(EntropyReader reader, SpectralBand band, bool isProgressive)
{
    /// <summary>Blocks, this one included, in which nothing is left but corrections.</summary>
    private int emptyBlocks;

    /// <summary>Where the coefficients, in zigzag order, are in a block.</summary>
    public static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    public void Restart() => emptyBlocks = 0;

    /// <param name="block">[64] in the order of rows: zeros, or what earlier scans left.</param>
    public void Decode(JpegComponent component, Span<short> block)
    {
        if (!isProgressive)
        {
            DecodeDc(component, block);
            DecodeAll(component.AcTable!, block);
        }
        else if (band.First == 0)
        {
            if (band.High == 0)
                DecodeDc(component, block);
            else if (reader.ReadBit())
                block[0] |= (short)(1 << band.Low);
        }
        else if (band.High == 0)
        {
            DecodeBand(component.AcTable!, block);
        }
        else
        {
            CorrectBand(component.AcTable!, block);
        }
    }

    private void DecodeDc(JpegComponent component, Span<short> block)
    {
        component.Prediction += reader.ReadSigned(component.DcTable!.Decode(reader));
        block[0] = (short)(component.Prediction << band.Low);
    }

    private void DecodeAll(HuffmanTable table, Span<short> block)
    {
        for (int k = 1; k < 64; k++)
        {
            int symbol = table.Decode(reader);
            int length = symbol & 15;
            if (length == 0 && symbol != 0xF0)
                return;
            k += symbol >> 4;
            if (length != 0)
                block[Position(k, 63)] = (short)reader.ReadSigned(length);
        }
    }

    private void DecodeBand(HuffmanTable table, Span<short> block)
    {
        if (emptyBlocks > 0)
        {
            emptyBlocks--;
            return;
        }

        for (int k = band.First; k <= band.Last; k++)
        {
            int symbol = table.Decode(reader);
            int length = symbol & 15;
            if (length == 0 && symbol != 0xF0)
            {
                emptyBlocks = ReadEmptyBlocks(symbol >> 4) - 1;
                return;
            }
            k += symbol >> 4;
            if (length != 0)
                block[Position(k, band.Last)] = (short)(reader.ReadSigned(length) << band.Low);
        }
    }

    /// <summary>One more bit for the coefficients that are not zero, and new coefficients of ±1 in that bit between them.</summary>
    private void CorrectBand(HuffmanTable table, Span<short> block)
    {
        int k = band.First;
        while (emptyBlocks == 0 && k <= band.Last)
        {
            int symbol = table.Decode(reader);
            int zeros = symbol >> 4;
            int value = 0;
            if ((symbol & 15) != 0)
            {
                value = reader.ReadBit() ? 1 << band.Low : -1 << band.Low;
            }
            else if (zeros != 15)
            {
                emptyBlocks = ReadEmptyBlocks(zeros);
                break;
            }

            k = CorrectRun(block, k, zeros);
            if (value != 0)
                block[Position(k, band.Last)] = (short)value;
            k++;
        }

        if (emptyBlocks > 0)
        {
            CorrectRun(block, k, zeros: 64);
            emptyBlocks--;
        }
    }

    /// <summary>Corrects coefficients until so many zeros have been passed.</summary>
    /// <returns>The position of the zero after them, or the one after the band.</returns>
    private int CorrectRun(Span<short> block, int k, int zeros)
    {
        int bit = 1 << band.Low;
        for (; k <= band.Last; k++)
        {
            ref short coefficient = ref block[Zigzag[k]];
            if (coefficient == 0)
            {
                if (--zeros < 0)
                    break;
            }
            else if (reader.ReadBit() && (coefficient & bit) == 0)
            {
                coefficient += (short)(coefficient >= 0 ? bit : -bit);
            }
        }
        return k;
    }

    private int ReadEmptyBlocks(int length) => (1 << length) + (length == 0 ? 0 : reader.Read(length));

    private static int Position(int k, int last) =>
        k <= last ? Zigzag[k] : throw new InvalidDataException("it has more coefficients than a block; the file is damaged");
}
