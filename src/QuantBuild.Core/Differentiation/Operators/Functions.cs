using System.Runtime.Intrinsics;
using Floats = System.Runtime.Intrinsics.Vector256<float>;

namespace QuantBuild.Differentiation.Operators;

internal readonly struct IdentityFunction : IElementwiseFunction
{
    public Floats Value(Floats x) => x;

    public Floats Slope(Floats x, Floats y) => Floats.One;
}

internal readonly struct NegFunction : IElementwiseFunction
{
    public Floats Value(Floats x) => -x;

    public Floats Slope(Floats x, Floats y) => -Floats.One;
}

internal readonly struct AbsFunction : IElementwiseFunction
{
    public Floats Value(Floats x) => Vector256.Abs(x);

    public Floats Slope(Floats x, Floats y) =>
        Vector256.ConditionalSelect(Vector256.LessThan(x, Floats.Zero), -Floats.One, Floats.One);
}

internal readonly struct ExpFunction : IElementwiseFunction
{
    public Floats Value(Floats x) => Vector256.Exp(x);

    public Floats Slope(Floats x, Floats y) => y;
}

internal readonly struct LogFunction : IElementwiseFunction
{
    public Floats Value(Floats x) => Vector256.Log(x);

    public Floats Slope(Floats x, Floats y) => Floats.One / x;
}

internal readonly struct SqrtFunction : IElementwiseFunction
{
    public Floats Value(Floats x) => Vector256.Sqrt(x);

    public Floats Slope(Floats x, Floats y) => Vector256.Create(0.5f) / y;
}

internal readonly struct ReciprocalFunction : IElementwiseFunction
{
    public Floats Value(Floats x) => Floats.One / x;

    public Floats Slope(Floats x, Floats y) => -(y * y);
}

/// <summary>With an exponent that is a whole number, which takes negative numbers as well.</summary>
internal readonly struct WholePowerFunction(int exponent) : IElementwiseFunction
{
    public Floats Value(Floats x) => Power(x, exponent);

    public Floats Slope(Floats x, Floats y) => Vector256.Create((float)exponent) * Power(x, exponent - 1);

    private static Floats Power(Floats x, int exponent)
    {
        Floats power = Floats.One;
        for (int i = 0; i < Math.Abs(exponent); i++)
            power *= x;
        return exponent < 0 ? Floats.One / power : power;
    }
}

/// <summary>Of positive numbers.</summary>
internal readonly struct RealPowerFunction(float exponent) : IElementwiseFunction
{
    public Floats Value(Floats x) => Vector256.Exp(Vector256.Create(exponent) * Vector256.Log(x));

    public Floats Slope(Floats x, Floats y) => Vector256.Create(exponent) * y / x;
}

/// <summary>Abramowitz and Stegun 7.1.26, within 1.5e-7: <c>1 − (a₁t + … + a₅t⁵) exp(−x²)</c>, <c>t = 1 / (1 + p·|x|)</c>.</summary>
internal readonly struct ErfFunction : IElementwiseFunction
{
    private const float P = 0.3275911f;

    /// <summary><c>2 / √π</c></summary>
    private const float SlopeAtZero = 1.1283792f;

    public static Floats Of(Floats x)
    {
        Floats size = Vector256.Abs(x);
        Floats t = Floats.One / (Floats.One + (Vector256.Create(P) * size));
        Floats polynomial = Vector256.Create(1.061405429f);
        foreach (float coefficient in (ReadOnlySpan<float>)[-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f])
            polynomial = (polynomial * t) + Vector256.Create(coefficient);
        Floats positive = Floats.One - (polynomial * t * Vector256.Exp(-(x * x)));
        return Vector256.CopySign(positive, x);
    }

    public Floats Value(Floats x) => Of(x);

    public Floats Slope(Floats x, Floats y) => Vector256.Create(SlopeAtZero) * Vector256.Exp(-(x * x));
}
