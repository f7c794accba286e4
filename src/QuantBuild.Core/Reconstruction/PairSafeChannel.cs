namespace QuantBuild.Reconstruction;

/// <summary>Quantizes one output channel to 8 bits such that no input can saturate the kernel of any x64 processor.</summary>
/// <remarks>
/// Without VNNI the products of unsigned 8-bit activations and signed 8-bit weights are added in pairs in 16 bits with saturation
/// (<c>vpmaddubsw</c>). A pair cannot overflow when its positive codes sum to at most 128 and its negative ones to at least −128:
/// 255 · 128 = 32640 ≤ 32767. Pairs that would are projected onto that set: half of the excess is taken from each, and a code that is
/// cut to 127 leaves 1 to the other. The scale is searched, so that a channel without such pairs keeps all 8 bits.
/// </remarks>
internal static class PairSafeChannel
{
    /// <summary>Largest magnitude of the sum of two codes of one sign.</summary>
    public const int PairLimit = 128;

    /// <summary>Largest code; −128 is left out so that a channel and its negative are treated alike.</summary>
    public const int CodeLimit = 127;

    /// <summary>Codes that the largest weight of the channel is tried at. At 64 no pair can offend; above 127 the largest weights are clipped.</summary>
    private const int FewestLevels = 64;

    private const int MostLevels = 155;

    /// <summary>The search looks at every so many levels first, then closes in on the best by halving.</summary>
    private const int FirstStep = 8;

    /// <summary>A channel of zeros gets this scale; multiplied with that of an activation it is still a normal float.</summary>
    private const float SmallestScale = 1e-20f;

    /// <param name="weights">Weights of the channel in the kernel's order of summation.</param>
    /// <param name="pairs">False when the kernel adds one product at a time: then only clipping is weighed against rounding.</param>
    /// <param name="minimumScale">The scale is not made smaller than this.</param>
    /// <param name="codes">Receives one code per weight.</param>
    /// <returns>The scale.</returns>
    public static float Quantize(ReadOnlySpan<float> weights, bool pairs, float minimumScale, Span<sbyte> codes)
    {
        float largest = 0;
        foreach (float weight in weights)
            largest = Math.Max(largest, Math.Abs(weight));
        if (largest == 0)
        {
            codes.Clear();
            return Math.Max(minimumScale, SmallestScale);
        }

        int best = CodeLimit;
        double bestError = ErrorAt(weights, ScaleAt(best), pairs, codes);
        for (int step = FirstStep; step >= 1; step /= 2)
        {
            int from = step == FirstStep ? FewestLevels : Math.Max(FewestLevels, best - step);
            int to = step == FirstStep ? MostLevels : Math.Min(MostLevels, best + step);
            int center = best;
            for (int levels = from; levels <= to; levels += step)
            {
                if (levels == center)
                    continue;
                double error = ErrorAt(weights, ScaleAt(levels), pairs, codes);
                if (error < bestError)
                    (best, bestError) = (levels, error);
            }
        }
        float scale = ScaleAt(best);
        ErrorAt(weights, scale, pairs, codes);
        return scale;

        float ScaleAt(int levels) => Math.Max(Math.Max(largest / levels, minimumScale), SmallestScale);
    }

    /// <summary>Writes the codes for a scale and gives the sum of squared errors.</summary>
    private static double ErrorAt(ReadOnlySpan<float> weights, float scale, bool pairs, Span<sbyte> codes)
    {
        double error = 0;
        int position = 0;
        for (; pairs && position + 1 < weights.Length; position += 2)
        {
            (int first, int second) = ProjectPair(weights[position] / scale, weights[position + 1] / scale);
            codes[position] = (sbyte)first;
            codes[position + 1] = (sbyte)second;
            error += Square(weights[position], first, scale) + Square(weights[position + 1], second, scale);
        }
        for (; position < weights.Length; position++)
        {
            int code = Round(weights[position] / scale);
            codes[position] = (sbyte)code;
            error += Square(weights[position], code, scale);
        }
        return error;
    }

    /// <summary>The nearest allowed pair of codes to a pair of real ones.</summary>
    internal static (int First, int Second) ProjectPair(float first, float second)
    {
        int roundedFirst = Round(first);
        int roundedSecond = Round(second);
        if (Math.Abs(roundedFirst + roundedSecond) <= PairLimit || (roundedFirst > 0) != (roundedSecond > 0))
            return (roundedFirst, roundedSecond);

        // Of all pairs that sum to the limit, the one whose difference is nearest to that of the real codes.
        int sign = first > 0 ? 1 : -1;
        float half = ((sign * (first - second)) + PairLimit) / 2;
        int code = Round(Math.Clamp(half, PairLimit - CodeLimit, CodeLimit));
        return (sign * code, sign * (PairLimit - code));
    }

    private static int Round(float value) => (int)Math.Clamp(MathF.Round(value, MidpointRounding.ToEven), -CodeLimit, CodeLimit);

    private static double Square(float weight, int code, float scale)
    {
        double difference = weight - ((double)code * scale);
        return difference * difference;
    }
}
