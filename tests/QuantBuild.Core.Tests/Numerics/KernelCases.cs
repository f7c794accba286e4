namespace QuantBuild.Core.Tests.Numerics;

/// <summary>Values for a kernel.</summary>
/// <param name="Buffer">Larger than what is used, so that the start is not aligned.</param>
public sealed record KernelCase(string Name, float[] Buffer, int Offset, int Length)
{
    public ReadOnlySpan<float> Values => Buffer.AsSpan(Offset, Length);

    public override string ToString() => $"{Name}, {Length} values from {Offset}";
}

/// <summary>The one table that every kernel is tested with.</summary>
internal static class KernelCases
{
    /// <summary>Four vectors of 16 floats, four times, and one more: whole steps of every width with every length of tail.</summary>
    private const int LongestCase = 257;

    /// <summary>Scales with zero points, small and large, that every quantizing kernel is tested with.</summary>
    public static readonly (float Scale, int ZeroPoint)[] Parameters =
    [
        (1f, 0), (0.5f, 3), (0.1f, 127), (1f / 3f, -128), (2f / 255f, 128), (float.Epsilon, 0), (1e-40f, 5), (1.17549435e-38f, -1),
        (3e38f, 0), (float.PositiveInfinity, 7),
    ];

    private static readonly (string Name, Func<int, float> Value)[] Finite =
    [
        ("ramp", i => (i - 100) * 0.37f),
        ("ties", i => (i - 128) + 0.5f),
        ("ties of a half", i => ((i - 128) * 0.5f) + 0.25f),
        ("just beside ties", i => i % 2 == 0 ? MathF.BitIncrement((i % 50) + 0.5f) : MathF.BitDecrement(-(i % 50) - 0.5f)),
        ("zeros", _ => 0f),
        ("zeros of both signs", i => i % 3 == 0 ? -0f : 0f),
        ("negative zeros", _ => -0f),
        ("one value", _ => -1e6f),
        ("extremes", i => new[] { float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f }[i % 6]),
        ("subnormals", i => BitConverter.Int32BitsToSingle((i * 2654435 & 0x7FFFFF) | (i % 2 << 31))),
        ("narrow range far from zero", i => 1e6f + (i % 7 * 0.0625f)),
        ("pseudo-random", PseudoRandom),
        ("pseudo-random, not negative", i => Math.Max(0f, PseudoRandom(i))),
        ("pseudo-random over all magnitudes", i => MathF.ScaleB(PseudoRandom(i), (i * 37 % 200) - 110)),
    ];

    private static readonly (string Name, Func<int, float> Value)[] NotFinite =
    [
        ("all NaN", _ => float.NaN),
        ("one NaN", i => i == 5 ? float.NaN : i),
        ("many NaN", i => i % 3 == 0 ? -float.NaN : i % 3 == 1 ? float.NaN : i),
        ("infinity", i => i == 9 ? float.PositiveInfinity : -i),
        ("both infinities", i => i % 2 == 0 ? float.PositiveInfinity : float.NegativeInfinity),
        ("infinities and NaN", i => new[] { float.PositiveInfinity, float.NaN, float.NegativeInfinity, 1f, -0f }[i % 5]),
    ];

    public static IEnumerable<KernelCase> OfFiniteValues => Make(Finite);

    public static IEnumerable<KernelCase> OfAllValues => Make([.. Finite, .. NotFinite]);

    private static IEnumerable<KernelCase> Make((string Name, Func<int, float> Value)[] kinds)
    {
        foreach ((string name, Func<int, float> value) in kinds)
        {
            float[] buffer = [.. Enumerable.Range(0, LongestCase + 3).Select(value)];
            for (int length = 0; length <= LongestCase; length++)
                yield return new KernelCase(name, buffer, length % 4, length);
        }
    }

    /// <summary>The finalizer of MurmurHash3: no seed, no state, the same everywhere.</summary>
    private static float PseudoRandom(int index)
    {
        uint bits = (uint)index + 1;
        bits = (bits ^ (bits >> 16)) * 0x85EBCA6B;
        bits = (bits ^ (bits >> 13)) * 0xC2B2AE35;
        return ((bits ^ (bits >> 16)) / 4294967296f * 20f) - 10f;
    }
}
