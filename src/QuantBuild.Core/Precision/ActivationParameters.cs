using QuantBuild.Placement;

namespace QuantBuild.Precision;

/// <summary>From a range to the parameters that ship.</summary>
internal static class ActivationParameters
{
    /// <param name="bounds">What lies beyond them is the same as the bound to all who read the value; null: everything counts.</param>
    /// <param name="isGiven">True for values that are the same on every machine; their range is taken as it is, and those of images then meet their
    /// 256 values exactly. All others are widened to a <see cref="CoarseGrid"/>.</param>
    /// <remarks>Where the codes end at zero on one side, they may do the work of an activation and must not reach beyond its bound on the other.</remarks>
    public static QuantizationParameters Of(TensorRange range, ReadBounds? bounds, bool isGiven)
    {
        if (bounds is not null)
            range = new TensorRange(Math.Max(range.Minimum, bounds.Low), Math.Min(range.Maximum, bounds.High));
        if (isGiven || IsFixed(range, bounds))
            return QuantizationParameters.Asymmetric(range.Minimum, range.Maximum);

        QuantizationParameters snapped = QuantizationParameters.Snapped(range.Minimum, range.Maximum);
        if (range.Minimum >= 0 && snapped.Highest > bounds?.High)
            return QuantizationParameters.Asymmetric(0, bounds.High);
        if (range.Maximum <= 0 && snapped.Lowest < bounds?.Low)
            return QuantizationParameters.Asymmetric(bounds.Low, 0);
        return snapped;
    }

    /// <summary>The bounds alone decide: they are the same on every machine.</summary>
    private static bool IsFixed(TensorRange range, ReadBounds? bounds) => bounds is not null
        && (range.Minimum == bounds.Low || (range.Minimum >= 0 && bounds.Low >= 0))
        && (range.Maximum == bounds.High || (range.Maximum <= 0 && bounds.High <= 0));
}
