namespace QuantBuild.Rewriting.LowBits;

/// <summary>Codes of a few bits as bytes without gaps: parts of 4, 2 and 1 bits, each of which fills whole bytes.</summary>
/// <remarks>
/// A byte of a part does not hold neighbours. Of n codes that lie k in a byte, byte j holds the codes j, j + n/k, j + 2n/k …, the first in its lowest bits:
/// a runtime then unpacks by shifting one long row by k amounts, twice as fast as many short ones.
/// </remarks>
internal static class BitPlanes
{
    /// <summary>Codes are filled up to a multiple of so many.</summary>
    public const int Multiple = 8;

    /// <summary>The parts of a code, the highest first.</summary>
    /// <param name="bits">1 to 8.</param>
    public static IEnumerable<BitPlane> Of(int bits)
    {
        for (int width = 8, rest = bits; width > 0; width /= 2)
            if ((bits & width) != 0)
                yield return new BitPlane(width, rest -= width);
    }

    /// <summary>How many bytes all parts take.</summary>
    public static long SizeBytes(int bits, long codes) => (codes + Multiple - 1) / Multiple * bits;

    /// <param name="codes">One in a byte; their number is a multiple of <see cref="Multiple"/>.</param>
    public static byte[] Pack(ReadOnlySpan<byte> codes, BitPlane plane)
    {
        var packed = new byte[codes.Length / plane.CodesPerByte];
        int mask = (1 << plane.Width) - 1;
        for (int part = 0, i = 0; part < plane.CodesPerByte; part++)
            for (int j = 0; j < packed.Length; j++, i++)
                packed[j] |= (byte)(((codes[i] >> plane.Position) & mask) << (part * plane.Width));
        return packed;
    }
}

/// <summary>Bits of a code that are stored together.</summary>
/// <param name="Width">1, 2, 4 or 8.</param>
/// <param name="Position">Of the lowest.</param>
internal readonly record struct BitPlane(int Width, int Position)
{
    public int CodesPerByte => 8 / Width;
}
