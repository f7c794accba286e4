namespace QuantBuild.Evaluation.Metrics;

/// <summary>Bins of scores: the leading bits of a float, turned so that they count upwards with its value.</summary>
/// <remarks>
/// 20 bits: sign, exponent and 11 bits of the fraction, so that scores fall into one bin only when they differ by less than one part in 2,048. Scores
/// with no more than these bits, among them all multiples of 1/2,048 from 1/2 to 1, are told apart exactly.
/// </remarks>
internal static class OrderedBits
{
    private const int Dropped = 12;

    public const int Count = 1 << (32 - Dropped);

    /// <returns>0 for NaN.</returns>
    public static int Of(float score)
    {
        if (float.IsNaN(score))
            return 0;

        // Both zeros are one.
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        uint ordered = (bits & 0x8000_0000) == 0 ? bits | 0x8000_0000 : ~bits;
        return (int)(ordered >> Dropped);
    }
}
