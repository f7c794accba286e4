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
    public static float Quantize(ReadOnlySpan<float> weights, bool pairs, float minimumScale, Span<sbyte> codes) =>
        Quantize(weights, [], pairs, minimumScale, codes);

    /// <param name="importance">What the squared error of each weight counts, above 0, as the second moments of the inputs do; none: all the same.</param>
    public static float Quantize(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, bool pairs, float minimumScale, Span<sbyte> codes)
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
        double bestError = PairSafeError.Of(weights, importance, ScaleAt(best), pairs);
        for (int step = FirstStep; step >= 1; step /= 2)
        {
            int from = step == FirstStep ? FewestLevels : Math.Max(FewestLevels, best - step);
            int to = step == FirstStep ? MostLevels : Math.Min(MostLevels, best + step);
            int center = best;
            for (int levels = from; levels <= to; levels += step)
            {
                if (levels == center)
                    continue;
                double error = PairSafeError.Of(weights, importance, ScaleAt(levels), pairs);
                if (error < bestError)
                    (best, bestError) = (levels, error);
            }
        }
        float scale = ScaleAt(best);
        Round(weights, importance, scale, pairs, codes);
        return scale;

        float ScaleAt(int levels) => Math.Max(Math.Max(largest / levels, minimumScale), SmallestScale);
    }

    /// <summary>Writes the nearest safe codes for a scale.</summary>
    /// <param name="importance">As above.</param>
    internal static void Round(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, float scale, bool pairs, Span<sbyte> codes)
    {
        for (int position = 0; position < weights.Length; position++)
        {
            int code = Round(weights[position] / scale);
            if (pairs && (position & 1) == 1 && Offends(codes[position - 1], code))
            {
                double first = Importance(importance, position - 1);
                double share = first / (first + Importance(importance, position));
                (int one, code) = ProjectPair(weights[position - 1] / scale, weights[position] / scale, share);
                codes[position - 1] = (sbyte)one;
            }
            codes[position] = (sbyte)code;
        }
    }

    /// <summary>The nearest allowed pair of codes to a pair of real ones.</summary>
    /// <param name="firstShare">What the squared error of the first counts, as a part of what both do.</param>
    internal static (int First, int Second) ProjectPair(float first, float second, double firstShare = 0.5)
    {
        int roundedFirst = Round(first);
        int roundedSecond = Round(second);
        if (!Offends(roundedFirst, roundedSecond))
            return (roundedFirst, roundedSecond);

        // Of all pairs that sum to the limit, the nearest: the one that counts less gives in more.
        int sign = first > 0 ? 1 : -1;
        double excess = (sign * ((double)first + second)) - PairLimit;
        double nearest = (sign * (double)first) - (excess * (1 - firstShare));
        int code = Round((float)Math.Clamp(nearest, PairLimit - CodeLimit, CodeLimit));
        return (sign * code, sign * (PairLimit - code));
    }

    /// <summary>The code nearest to a real one that is safe beside the other of its pair.</summary>
    internal static int RoundBeside(int partner, float value)
    {
        int code = Round(value);
        return !Offends(partner, code) ? code : code > 0 ? PairLimit - partner : -PairLimit - partner;
    }

    internal static int Round(float value) => (int)Math.Clamp(MathF.Round(value, MidpointRounding.ToEven), -CodeLimit, CodeLimit);

    private static bool Offends(int first, int second) => Math.Abs(first + second) > PairLimit && (first > 0) == (second > 0);

    private static double Importance(ReadOnlySpan<float> importance, int position) => importance.IsEmpty ? 1 : importance[position];
}
