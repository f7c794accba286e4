using QuantBuild.Numerics;

namespace QuantBuild.Placement;

/// <summary>
/// Values of two kinds with nothing between them, of which one vanishes beside the other: scores of ±10 where a mask has put −10⁹.
/// <code>
/// ──┤extremes├───────────── nothing ─────────────┤a quarter of a step around zero├──
/// </code>
/// A long tail is something else: there a range can be found that loses a little on both sides.
/// </summary>
internal static class DistantExtremes
{
    private const int Steps = 255;

    /// <summary>So much of a step is rounded to zero, whatever is left of the range when a few of the extremes are cut.</summary>
    private const double Vanishing = 0.25;

    /// <remarks>A bin is narrower than that. Exact zeros have a code in any range, so that the bin that starts at zero is evidence only when the
    /// smallest or largest of all values is another one in it.</remarks>
    public static bool AreIn(StreamingHistogram histogram)
    {
        double low = Math.Min(histogram.Minimum, 0);
        double high = Math.Max(histogram.Maximum, 0);
        double vanishing = Vanishing * (high - low) / Steps;
        double far = Math.Max(-low, high) / 2;
        double width = Math.ScaleB(1, histogram.Exponent);
        bool hasSmall = histogram.Maximum > 0 && histogram.Maximum <= vanishing;
        for (int i = 0; i < histogram.Counts.Length; i++)
        {
            if (histogram.Counts[i] == 0)
                continue;
            double start = (histogram.FirstBin + i) * width;
            double end = start + width;
            if (Math.Max(-start, end) <= vanishing)
                hasSmall |= start != 0;
            else if (start < far && end > -far)
                return false;
        }
        return hasSmall;
    }
}
