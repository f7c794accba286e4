namespace QuantBuild.Numerics;

/// <summary>Sum and sum of squares of one channel's values, in units of 2⁻⁶⁰. Integers, so that parts may be added in any order.</summary>
/// <param name="Sum">Zero when <see cref="IsSaturated"/>.</param>
/// <param name="Squares">At most <see cref="Int128.MaxValue"/>, about 2⁶⁷.</param>
/// <remarks>The order does not matter for saturated sums either: squares only grow, so what passes the limit in one order passes it in all. While
/// they are below 2⁶⁷, the sum of n values is below 2⁶⁷ too, as n · Σ x² ≥ (Σ x)² and n is far below 2⁶⁷.</remarks>
internal readonly record struct ChannelSum(Int128 Sum, Int128 Squares)
{
    private const double UnitsOfOne = 1152921504606846976; // 2⁶⁰

    /// <summary>The values were too large, infinite or NaN: nothing is known of them.</summary>
    public bool IsSaturated => Squares == Int128.MaxValue;

    /// <summary>Σ x</summary>
    public double Total => (double)Sum / UnitsOfOne;

    /// <summary>Σ x²; +∞ when <see cref="IsSaturated"/>.</summary>
    public double TotalOfSquares => IsSaturated ? double.PositiveInfinity : (double)Squares / UnitsOfOne;

    /// <summary>Of a part: each number is rounded to a unit, half to even.</summary>
    public static ChannelSum Of(double sum, double squares) =>
        double.IsFinite(squares) && InUnits(squares) is var units && units < Int128.MaxValue
            ? new ChannelSum(InUnits(sum), units)
            : new ChannelSum(0, Int128.MaxValue);

    public static ChannelSum operator +(ChannelSum left, ChannelSum right) =>
        left.Squares > Int128.MaxValue - right.Squares || right.IsSaturated
            ? new ChannelSum(0, Int128.MaxValue)
            : new ChannelSum(left.Sum + right.Sum, left.Squares + right.Squares);

    /// <summary>The product with a power of two is exact, and an integer from 2⁵³ on. The conversion saturates.</summary>
    private static Int128 InUnits(double value)
    {
        double units = value * UnitsOfOne;
        return Math.Abs(units) < long.MaxValue ? (Int128)(long)Math.Round(units, MidpointRounding.ToEven) : (Int128)units;
    }
}
