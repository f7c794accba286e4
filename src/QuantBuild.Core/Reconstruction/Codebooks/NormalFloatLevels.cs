using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>NormalFloat: quantiles of the normal distribution, −1 to 1 with an exact zero (QLoRA, Dettmers and others 2023).</summary>
internal static class NormalFloatLevels
{
    public const int FewestBits = 2;

    public const int MostBits = 8;

    /// <summary>As published, so that codes mean the same as in other programs; the formula gives the same to six digits.</summary>
    private static readonly float[] Nf4 =
    [
        -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
        -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f,
    ];

    /// <param name="bits">2 to 8.</param>
    /// <returns>2^bits levels, ascending.</returns>
    public static float[] Of(int bits) => bits == 4 ? [.. Nf4] : OfFormula(bits);

    /// <summary>Half of the levels are above zero and one less than half below; both halves end where the outermost of 2^bits equal shares has its middle.</summary>
    internal static float[] OfFormula(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, FewestBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        int count = 1 << bits;
        int half = count / 2;
        double outermost = 1 - (((1.0 / (2 * (count - 1))) + (1.0 / (2 * count))) / 2);
        double largest = NormalQuantile.Of(outermost);
        return
        [
            .. Enumerable.Range(0, half - 1).Select(i => (float)(-Quantile(i, half - 1) / largest)),
            0,
            .. Enumerable.Range(0, half).Select(i => (float)(Quantile(half - 1 - i, half) / largest)),
        ];

        double Quantile(int step, int steps) => NormalQuantile.Of(outermost + ((0.5 - outermost) * step / steps));
    }
}
