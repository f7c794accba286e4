namespace QuantBuild.Imaging.Jpeg;

/// <summary>One table of codes of a JPEG file (ITU T.81, annex C and F.2.2.3).</summary>
internal sealed class HuffmanTable
{
    private const int LongestCode = 16;

    /// <summary>Codes up to this length are found by one look into a table.</summary>
    private const int QuickBits = 9;

    /// <summary>By the next <see cref="QuickBits"/> bits: length of the code × 256 + its symbol; 0 for a longer code.</summary>
    private readonly ushort[] quick = new ushort[1 << QuickBits];

    /// <summary>By length: the first code of the next length, shifted left to 16 bits.</summary>
    private readonly int[] end = new int[LongestCode + 1];

    /// <summary>By length: index of its first symbol minus its first code.</summary>
    private readonly int[] offset = new int[LongestCode + 1];

    private readonly byte[] symbols;

    /// <param name="counts">Number of codes of each length from 1 to 16.</param>
    /// <param name="symbols">In the order of their codes; as many as there are codes.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        this.symbols = symbols.ToArray();
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            offset[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (code >= 1 << length)
                    throw new InvalidDataException("one of its code tables has too many codes; the file is damaged");
                if (length <= QuickBits)
                    quick.AsSpan(code << (QuickBits - length), 1 << (QuickBits - length)).Fill((ushort)((length << 8) | symbols[index]));
            }
            end[length] = code << (LongestCode - length);
        }
    }

    public byte LargestSymbol => symbols.Length == 0 ? (byte)0 : symbols.Max();

    public int Decode(EntropyReader reader)
    {
        int next = reader.Peek(LongestCode);
        int entry = quick[next >> (LongestCode - QuickBits)];
        if (entry != 0)
        {
            reader.Skip(entry >> 8);
            return entry & 0xFF;
        }

        for (int length = QuickBits + 1; length <= LongestCode; length++)
        {
            if (next >= end[length])
                continue;
            reader.Skip(length);
            int index = (next >> (LongestCode - length)) + offset[length];
            return symbols[index];
        }
        throw new InvalidDataException("it has a code that is in none of its tables; the file is damaged");
    }
}
