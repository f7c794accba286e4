namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>Additive powers of two (APoT, Li, Dong and Wang 2020): a sign and a sum of few powers of two, dense near zero, −1 to 1.</summary>
/// <remarks>
/// The bits beside the sign are n terms of k bits: term i is 0 or one of <c>2^−i, 2^−(i+n), 2^−(i+2n), …</c>, 2^k − 1 powers.
/// Bits that are left over make a smaller term, whose powers come before those of the others in the last rounds. k = 1 gives uniform levels, all bits in one
/// term plain powers of two; the paper's k is 2.
/// </remarks>
internal static class PowersOfTwoLevels
{
    public const int FewestBits = 2;

    public const int MostBits = 8;

    public const int PaperBaseBits = 2;

    /// <param name="bits">2 to 8, with the sign.</param>
    /// <param name="baseBits">k, 1 to 4: 2^k − 1 powers make a term.</param>
    /// <returns>2^bits − 1 levels, ascending; zero has no sign.</returns>
    public static float[] Of(int bits, int baseBits = PaperBaseBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, FewestBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        ArgumentOutOfRangeException.ThrowIfLessThan(baseBits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(baseBits, 4);
        double[] sums = [0];
        foreach (double[] term in Terms(bits - 1, baseBits))
            sums = [.. sums.SelectMany(sum => term.Select(power => sum + power))];
        double largest = sums.Max();
        float[] positive = [.. sums.Where(sum => sum > 0).Order().Select(sum => (float)(sum / largest))];
        return [.. positive.Reverse().Select(level => -level), 0, .. positive];
    }

    /// <summary>Exponents are dealt out in rounds, one to every term.</summary>
    private static IEnumerable<double[]> Terms(int bits, int baseBits)
    {
        int whole = bits / baseBits;
        int left = bits % baseBits;
        int rounds = whole > 0 ? (1 << baseBits) - 1 : 0;
        int leftRounds = (1 << left) - 1;
        List<double>[] terms = [.. Enumerable.Range(0, whole + 1).Select(_ => new List<double> { 0 })];
        int exponent = 0;
        for (int round = 0; round < Math.Max(rounds, leftRounds); round++)
        {
            if (round >= Math.Max(rounds, leftRounds) - leftRounds)
                terms[whole].Add(Math.ScaleB(1, -exponent++));
            for (int term = 0; term < whole; term++)
                terms[term].Add(Math.ScaleB(1, -exponent++));
        }
        return terms.Select(term => term.ToArray());
    }
}
