using QuantBuild.Numerics;

namespace QuantBuild.Differentiation;

/// <summary>Random numbers by position: the same whoever asks, and in which order.</summary>
internal static class Chance
{
    private const int FractionBits = 24;

    /// <returns>0 to below 1.</returns>
    public static float Of(ulong seed, long index) =>
        (SplitMix.Mix(seed ^ SplitMix.Mix((ulong)index)) >> (64 - FractionBits)) * (1f / (1 << FractionBits));
}
