namespace QuantBuild.Imaging.Jpeg;

/// <summary>
/// The inverse cosine transform of 8 × 8 blocks in integers, after Loeffler, Ligtenberg and Moschytz with 12 multiplications, step for
/// step as libjpeg's <c>jpeg_idct_islow</c> computes it: the same bits.
/// </summary>
internal static class InverseDct
{
    private const int ConstantBits = 13;

    /// <summary>Bits that the columns keep for the rows.</summary>
    private const int ExtraBits = 2;

    /// <param name="coefficients">[8, 8]</param>
    /// <param name="quantization">[8, 8]</param>
    /// <param name="destination">Eight rows of eight samples, <paramref name="stride"/> from row to row.</param>
    public static void Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<int> quantization, Span<byte> destination, int stride)
    {
        Span<int> block = stackalloc int[64];
        for (int i = 0; i < block.Length; i++)
            block[i] = coefficients[i] * quantization[i];
        for (int column = 0; column < 8; column++)
            TransformLine(block[column..], 8, ConstantBits - ExtraBits);
        for (int row = 0; row < 8; row++)
        {
            Span<int> line = block.Slice(row * 8, 8);
            TransformLine(line, 1, ConstantBits + ExtraBits + 3);
            Span<byte> samples = destination.Slice(row * stride, 8);
            for (int i = 0; i < samples.Length; i++)
                samples[i] = (byte)Math.Clamp(line[i] + 128, 0, 255);
        }
    }

    /// <summary>The constants are the factors of the method times 2¹³, rounded: 4433 is 0.541196100.</summary>
    private static void TransformLine(Span<int> line, int step, int shift)
    {
        int even = (line[2 * step] + line[6 * step]) * 4433;
        int even2 = even - (line[6 * step] * 15137);
        int even3 = even + (line[2 * step] * 6270);
        int even0 = (line[0] + line[4 * step]) << ConstantBits;
        int even1 = (line[0] - line[4 * step]) << ConstantBits;
        int sum0 = even0 + even3;
        int sum3 = even0 - even3;
        int sum1 = even1 + even2;
        int sum2 = even1 - even2;

        int odd0 = line[7 * step];
        int odd1 = line[5 * step];
        int odd2 = line[3 * step];
        int odd3 = line[step];
        int z5 = (odd0 + odd2 + odd1 + odd3) * 9633;
        int z1 = (odd0 + odd3) * -7373;
        int z2 = (odd1 + odd2) * -20995;
        int z3 = ((odd0 + odd2) * -16069) + z5;
        int z4 = ((odd1 + odd3) * -3196) + z5;
        odd0 = (odd0 * 2446) + z1 + z3;
        odd1 = (odd1 * 16819) + z2 + z4;
        odd2 = (odd2 * 25172) + z2 + z3;
        odd3 = (odd3 * 12299) + z1 + z4;

        int half = 1 << (shift - 1);
        line[0] = (sum0 + odd3 + half) >> shift;
        line[7 * step] = (sum0 - odd3 + half) >> shift;
        line[step] = (sum1 + odd2 + half) >> shift;
        line[6 * step] = (sum1 - odd2 + half) >> shift;
        line[2 * step] = (sum2 + odd1 + half) >> shift;
        line[5 * step] = (sum2 - odd1 + half) >> shift;
        line[3 * step] = (sum3 + odd0 + half) >> shift;
        line[4 * step] = (sum3 - odd0 + half) >> shift;
    }
}
