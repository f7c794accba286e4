namespace QuantBuild.Equalization;

/// <summary>
/// Finds the factors and shifts with the least <see cref="ExpectedError"/> among these, r being the largest magnitude of a channel and w
/// that of the
/// weights which read it:
/// <code>
/// s = r^α / w^(1−α)              SmoothQuant (Xiao and others 2022)
/// s = √(p / w)                   cross-layer equalization (Nagel and others 2019), p = largest weight that makes the channel
/// s = max(1, r / T)              only what exceeds T is divided
/// s = max(r^α / w^(1−α), r / T)  both
/// </code>
/// </summary>
internal static class EqualizingFactors
{
    /// <summary>What was not seen may lie so far beyond the largest value that was: a Clip must not cut it.</summary>
    public const float Margin = 0.5f;

    /// <summary>A channel may be scaled up to where a Clip begins to cut values so much larger than any seen, as a part of the largest.</summary>
    private const float CeilingMargin = 1;

    /// <summary>Factors differ by at most the square of this: channels that were hardly alive in the samples may be elsewhere.</summary>
    private const double MostFactor = 32;

    private const int Alphas = 10;

    private const int Limits = 8;

    /// <summary>Factors have so many bits behind the first one: last bits of what was seen, which differ between machines, seldom change
    /// them.</summary>
    private const int FactorBits = 4;

    /// <summary>Shifts are whole multiples of such a part of the largest magnitude.</summary>
    private const float ShiftParts = 64;

    /// <param name="ceiling">A Clip cuts there, before the factors; infinite without one.</param>
    /// <param name="producerLargest">p; null without weights that make the channels.</param>
    /// <param name="shift">Which shifts are allowed.</param>
    /// <param name="share">The expected error has to fall to this part of it.</param>
    /// <returns>Null when nothing does.</returns>
    public static ChannelAdjustment? Choose(
        ChannelStatistics channels,
        IReadOnlyList<WeightedReader> readers,
        float ceiling,
        double[]? producerLargest,
        ShiftKind shift,
        double share)
    {
        var error = new ExpectedError(channels, readers);
        var none = ChannelAdjustment.None(channels.Count);
        double plain = error.Of(none.Factors, none.Shifts);
        double best = plain * share;
        ChannelAdjustment? chosen = null;
        double[] largest = LargestWeights(channels.Count, readers);
        foreach (float[] shifts in ShiftsOf(channels, shift))
        {
            double[] ranges = [.. Enumerable.Range(0, channels.Count).Select(c =>
                (double)Math.Max(Math.Abs(channels.High[c] - shifts[c]), Math.Abs(channels.Low[c] - shifts[c])))];
            foreach (double[] candidate in Candidates(ranges, largest, producerLargest))
            {
                float[] factors = Snapped(float.IsPositiveInfinity(ceiling) ? candidate : BelowCeiling(candidate, ranges, ceiling));
                double cost = error.Of(factors, shifts);
                if (cost < best)
                    (best, chosen) = (cost, new ChannelAdjustment(factors, shifts));
            }
        }
        return chosen;
    }

    private static IEnumerable<double[]> Candidates(double[] ranges, double[] largest, double[]? producerLargest)
    {
        int channels = ranges.Length;
        yield return [.. Enumerable.Repeat(1.0, channels)];
        double[] sorted = [.. ranges.Order()];
        double median = Math.Max(sorted[channels / 2], sorted[^1] / MostFactor);
        double[] limits = [.. Enumerable.Range(0, Limits).Select(i => median * Math.Pow(sorted[^1] / median, (double)i / Limits))];
        foreach (double limit in limits)
            yield return [.. ranges.Select(range => Math.Max(1, range / limit))];
        if (producerLargest is not null)
            yield return Even([.. Enumerable.Range(0, channels).Select(c => Ratio(producerLargest[c], largest[c], 0.5))]);
        for (int step = 1; step <= Alphas; step++)
        {
            double[] blend = Even([.. Enumerable.Range(0, channels).Select(c => Ratio(ranges[c], largest[c], (double)step / Alphas))]);
            yield return blend;
            double most = Enumerable.Range(0, channels).Max(c => ranges[c] / blend[c]);
            foreach (double part in new[] { 0.7, 0.5, 0.35, 0.25 })
                yield return [.. Enumerable.Range(0, channels).Select(c => Math.Max(blend[c], ranges[c] / (most * part)))];
        }
    }

    /// <summary>a^α / b^(1−α); null for a channel without values or without weights.</summary>
    private static double? Ratio(double a, double b, double alpha) => a > 0 && b > 0 ? Math.Pow(a, alpha) / Math.Pow(b, 1 - alpha) : null;

    /// <summary>With a geometric mean of one, within the limits.</summary>
    private static double[] Even(double?[] factors)
    {
        double[] given = [.. factors.OfType<double>()];
        double mean = given.Length == 0 ? 1 : Math.Exp(given.Average(Math.Log));
        return [.. factors.Select(factor => factor is null ? 1 : Math.Clamp(factor.Value / mean, 1 / MostFactor, MostFactor))];
    }

    /// <summary>Channels grow at most, and only as far as what was seen of them, with the margin, stays below the ceiling. What reaches
    /// it keeps
    /// its factor of one, and is cut where it was.</summary>
    private static double[] BelowCeiling(double[] factors, double[] ranges, float ceiling)
    {
        double most = factors.Max();
        return [.. factors.Select((factor, c) => Math.Min(1, Math.Max(factor / most, ranges[c] * (1 + CeilingMargin) / ceiling)))];
    }

    /// <summary>Rounded up, so that a ceiling stays above.</summary>
    private static float[] Snapped(double[] factors) => [.. factors.Select(factor =>
    {
        double unit = Math.ScaleB(1, Math.ILogB(factor) - FactorBits);
        return (float)(Math.Ceiling(factor / unit - 1e-3) * unit);
    })];

    private static double[] LargestWeights(int channels, IReadOnlyList<WeightedReader> readers)
    {
        var largest = new double[channels];
        foreach (WeightedReader reader in readers)
        {
            ReadOnlySpan<float> values = reader.Weights.Tensor.Floats;
            LinearWeightChannels at = reader.Weights.Channels;
            foreach (float value in values)
            {
                at.Next();
                ref double channel = ref largest[at.Input / reader.Repeat];
                channel = Math.Max(channel, Math.Abs(value));
            }
        }
        return largest;
    }

    private static IEnumerable<float[]> ShiftsOf(ChannelStatistics channels, ShiftKind kind)
    {
        var none = new float[channels.Count];
        yield return none;
        if (kind == ShiftKind.None)
            yield break;
        float unit = Math.Max(channels.High.Max(Math.Abs), channels.Low.Max(Math.Abs)) / ShiftParts;
        float[] shifts = [.. Enumerable.Range(0, channels.Count).Select(c => kind == ShiftKind.ToMiddle
            ? MathF.Round((channels.Low[c] + channels.High[c]) / 2 / unit) * unit
            : MathF.Floor(Math.Max(0, channels.Low[c]) * (1 - Margin) / unit) * unit)];
        if (unit > 0 && Array.Exists(shifts, shift => shift != 0))
            yield return shifts;
    }
}

/// <summary>What may be subtracted from the channels of a value.</summary>
internal enum ShiftKind
{
    None,

    /// <summary>Anything: the middle of what was seen is best.</summary>
    ToMiddle,

    /// <summary>Less than the smallest value that was seen: a Relu between must not cut.</summary>
    BelowMinimum,
}
