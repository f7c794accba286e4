namespace QuantBuild.Search;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same numbers everywhere, now and later.</summary>
internal sealed class SeededGenerator(ulong state)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = state;

    /// <summary>A generator for one part of a job: parts do not depend on how much others have drawn.</summary>
    public static SeededGenerator OfPart(long seed, int part) => new(unchecked(Mix((ulong)seed) + (Mix((ulong)part + 1) * Step)));

    /// <param name="count">At least 1.</param>
    /// <returns>0 to one below it.</returns>
    public int Next(int count) => (int)Math.BigMul(Draw(), (ulong)count, out _);

    /// <returns>0 to below 1.</returns>
    public double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    private ulong Draw()
    {
        _state = unchecked(_state + Step);
        return Mix(_state);
    }

    private static ulong Mix(ulong value) => unchecked(Second((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9));

    private static ulong Second(ulong value) => unchecked(Third((value ^ (value >> 27)) * 0x94D049BB133111EB));

    private static ulong Third(ulong value) => value ^ (value >> 31);
}
