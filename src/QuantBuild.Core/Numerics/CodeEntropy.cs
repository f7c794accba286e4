namespace QuantBuild.Numerics;

/// <summary>How small codes can be written when each is coded by itself, by how often it occurs: Shannon's entropy of order 0.</summary>
internal static class CodeEntropy
{
    private const int BitsPerByte = 8;

    /// <summary>0 when all codes are the same.</summary>
    /// <param name="counts">How often each code occurs.</param>
    public static double BitsPerCode(ReadOnlySpan<long> counts)
    {
        long total = 0;
        foreach (long count in counts)
            total += count;
        double bits = 0;
        foreach (long count in counts)
            if (count > 0)
                bits += count * Math.Log2((double)total / count);
        return total == 0 ? 0 : bits / total;
    }

    /// <summary>Without the table that says which code is written how.</summary>
    public static double BytesOf(ReadOnlySpan<byte> codes)
    {
        long[] counts = CountsOf(codes);
        return BitsPerCode(counts) * codes.Length / BitsPerByte;
    }

    /// <returns>256 numbers.</returns>
    public static long[] CountsOf(ReadOnlySpan<byte> codes)
    {
        var counts = new long[byte.MaxValue + 1];
        foreach (byte code in codes)
            counts[code]++;
        return counts;
    }
}
