using System.Runtime.Intrinsics;
using Floats = System.Runtime.Intrinsics.Vector256<float>;

namespace QuantBuild.Differentiation.Operators;

/// <summary>Relu is the one from 0 to infinity. Where a bound is reached, nothing goes back.</summary>
internal readonly struct ClipFunction(float low, float high) : IElementwiseFunction
{
    public Floats Value(Floats x) => Vector256.Min(Vector256.Max(x, Vector256.Create(low)), Vector256.Create(high));

    public Floats Slope(Floats x, Floats y) =>
        Vector256.ConditionalSelect(
            Vector256.GreaterThan(x, Vector256.Create(low)) & Vector256.LessThan(x, Vector256.Create(high)), Floats.One, Floats.Zero);
}

internal readonly struct LeakyReluFunction(float alpha) : IElementwiseFunction
{
    public Floats Value(Floats x) => x * Slope(x, x);

    public Floats Slope(Floats x, Floats y) =>
        Vector256.ConditionalSelect(Vector256.LessThan(x, Floats.Zero), Vector256.Create(alpha), Floats.One);
}

internal readonly struct EluFunction(float alpha) : IElementwiseFunction
{
    public Floats Value(Floats x) =>
        Vector256.ConditionalSelect(
            Vector256.LessThan(x, Floats.Zero), Vector256.Create(alpha) * (Vector256.Exp(Vector256.Min(x, Floats.Zero)) - Floats.One), x);

    public Floats Slope(Floats x, Floats y) =>
        Vector256.ConditionalSelect(Vector256.LessThan(x, Floats.Zero), y + Vector256.Create(alpha), Floats.One);
}

internal readonly struct SigmoidFunction : IElementwiseFunction
{
    public static Floats Of(Floats x) => Floats.One / (Floats.One + Vector256.Exp(-x));

    public Floats Value(Floats x) => Of(x);

    public Floats Slope(Floats x, Floats y) => y * (Floats.One - y);
}

internal readonly struct TanhFunction : IElementwiseFunction
{
    /// <summary>Beyond it the result is ±1.</summary>
    private const float Largest = 10;

    public Floats Value(Floats x)
    {
        Floats bounded = Vector256.Min(Vector256.Max(x, Vector256.Create(-Largest)), Vector256.Create(Largest));
        return Floats.One - (Vector256.Create(2f) / (Vector256.Exp(bounded + bounded) + Floats.One));
    }

    public Floats Slope(Floats x, Floats y) => Floats.One - (y * y);
}

/// <summary><c>clip(alpha · x + beta, 0, 1)</c></summary>
internal readonly struct HardSigmoidFunction(float alpha, float beta) : IElementwiseFunction
{
    public Floats Value(Floats x) =>
        Vector256.Min(Vector256.Max((Vector256.Create(alpha) * x) + Vector256.Create(beta), Floats.Zero), Floats.One);

    public Floats Slope(Floats x, Floats y) =>
        Vector256.ConditionalSelect(
            Vector256.GreaterThan(y, Floats.Zero) & Vector256.LessThan(y, Floats.One), Vector256.Create(alpha), Floats.Zero);
}

/// <summary><c>x · clip(x / 6 + 1/2, 0, 1)</c></summary>
internal readonly struct HardSwishFunction : IElementwiseFunction
{
    private static readonly HardSigmoidFunction Gate = new(1f / 6, 0.5f);

    public Floats Value(Floats x) => x * Gate.Value(x);

    public Floats Slope(Floats x, Floats y)
    {
        Floats gate = Gate.Value(x);
        return gate + (x * Gate.Slope(x, gate));
    }
}

/// <summary><c>x · (1 + erf(x / √2)) / 2</c></summary>
internal readonly struct GeluFunction : IElementwiseFunction
{
    private const float InverseRootOf2 = 0.70710678f;

    /// <summary><c>1 / √(2π)</c></summary>
    private const float PeakOfNormal = 0.39894228f;

    public Floats Value(Floats x) => x * Below(x);

    public Floats Slope(Floats x, Floats y) =>
        Below(x) + (x * Vector256.Create(PeakOfNormal) * Vector256.Exp(x * x * Vector256.Create(-0.5f)));

    private static Floats Below(Floats x) => Vector256.Create(0.5f) * (Floats.One + ErfFunction.Of(x * Vector256.Create(InverseRootOf2)));
}

internal readonly struct SoftplusFunction : IElementwiseFunction
{
    /// <summary>max(x, 0) + log(1 + exp(−|x|))</summary>
    public Floats Value(Floats x) => Vector256.Max(x, Floats.Zero) + Vector256.Log(Floats.One + Vector256.Exp(-Vector256.Abs(x)));

    public Floats Slope(Floats x, Floats y) => SigmoidFunction.Of(x);
}
