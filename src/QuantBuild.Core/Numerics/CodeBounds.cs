using System.Runtime.CompilerServices;

namespace QuantBuild.Numerics;

/// <summary>The formula that quantize and fake-quantize share: <c>round(clamp(x / scale, minimum − zeroPoint, maximum − zeroPoint))</c>, which is
/// the code minus the zero point.</summary>
internal readonly record struct CodeBounds(float Lower, float Upper)
{
    public static CodeBounds Of(CodeRange codes, int zeroPoint) => new(codes.Minimum - zeroPoint, codes.Maximum - zeroPoint);

    /// <summary>Integer between the bounds; NaN becomes the lower one.</summary>
    public float Round(float value, float scale)
    {
        float quotient = value / scale;
        quotient = quotient > Lower ? quotient : Lower;
        quotient = quotient < Upper ? quotient : Upper;
        return MathF.Round(quotient, MidpointRounding.ToEven);
    }
}

/// <inheritdoc cref="CodeBounds"/>
internal readonly struct CodeBounds<TVector>(CodeBounds bounds)
    where TVector : struct, IFloatVector<TVector>
{
    private readonly TVector lower = TVector.Create(bounds.Lower);
    private readonly TVector upper = TVector.Create(bounds.Upper);

    /// <inheritdoc cref="CodeBounds.Round"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Round(TVector value, TVector scale) => TVector.Round(TVector.AtMost(TVector.AtLeast(value / scale, lower), upper));
}
