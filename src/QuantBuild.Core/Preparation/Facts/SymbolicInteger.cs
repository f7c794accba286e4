namespace QuantBuild.Preparation.Facts;

/// <summary>An integer that is known before the model runs, or the name of one that is not: equal symbols are equal numbers.</summary>
/// <param name="Value">Meaningful only when <see cref="IsKnown"/>.</param>
/// <param name="Symbol">0 when the value is known, positive for the size of an axis, negative for any other integer.</param>
internal readonly record struct SymbolicInteger(long Value, int Symbol)
{
    public bool IsKnown => Symbol == 0;

    /// <summary>True when this cannot be below zero.</summary>
    public bool IsNonNegative => IsKnown ? Value >= 0 : Symbol > 0;

    public static implicit operator SymbolicInteger(long value) => new(value, 0);

    public bool Is(long value) => IsKnown && Value == value;

    public override string ToString() => IsKnown ? Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"?{Symbol}";
}
