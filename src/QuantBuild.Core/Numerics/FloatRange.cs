namespace QuantBuild.Numerics;

/// <summary>What a scan of values found. Zeros are positive, so that equal ranges have equal bits.</summary>
/// <param name="Minimum">Of the values that are not NaN; +∞ when there is none.</param>
/// <param name="Maximum">Of the values that are not NaN; −∞ when there is none.</param>
internal readonly record struct FloatRange(float Minimum, float Maximum, bool HasNaN)
{
    public static readonly FloatRange Empty = new(float.PositiveInfinity, float.NegativeInfinity, HasNaN: false);

    /// <summary>No value, or only NaN.</summary>
    public bool IsEmpty => Minimum > Maximum;

    public bool HasInfinity => !IsEmpty && (float.IsInfinity(Minimum) || float.IsInfinity(Maximum));

    /// <summary>The range of both sets of values; the order of unions does not matter.</summary>
    public FloatRange Union(FloatRange other) => new(
        other.Minimum < Minimum ? other.Minimum : Minimum,
        other.Maximum > Maximum ? other.Maximum : Maximum,
        HasNaN || other.HasNaN);
}
