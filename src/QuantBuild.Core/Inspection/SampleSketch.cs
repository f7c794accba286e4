namespace QuantBuild.Inspection;

/// <summary>Hashes of the samples of one set, in memory of fixed size: of a set with too many different samples, those whose hashes are below a limit that
/// is halved as often as necessary. Its state is a function of the set alone, and two such sets can be compared.</summary>
/// <remarks>Two different samples have one hash of 64 bits with the probability 2^−64. Among a million samples that are checked against 65,536 hashes, a false
/// match has the probability 2^20 · 2^16 / 2^64 = 4 · 10^−9.</remarks>
internal sealed class SampleSketch
{
    /// <summary>Different samples that are remembered, in about 2 MiB.</summary>
    public const int Capacity = 1 << 16;

    private readonly Dictionary<ulong, int> counts = [];
    private int halvings;

    /// <summary>Number of samples.</summary>
    public long Total { get; private set; }

    /// <summary>True when all samples are remembered.</summary>
    public bool IsComplete => halvings == 0;

    public void Add(ulong hash)
    {
        Total++;
        if (!IsKept(hash, halvings))
            return;
        counts[hash] = counts.GetValueOrDefault(hash) + 1;
        while (counts.Count > Capacity)
        {
            halvings++;
            foreach (ulong dropped in counts.Keys.Where(kept => !IsKept(kept, halvings)).ToArray())
                counts.Remove(dropped);
        }
    }

    /// <summary>Share of these samples that the other set has as well; of those below the lower limit where not all are remembered.</summary>
    public double ShareIn(SampleSketch other) => Share(Math.Max(halvings, other.halvings), other.counts.ContainsKey);

    /// <summary>Share of the samples that are not the only ones of their content.</summary>
    public double ShareOfRepeated() => Share(halvings, hash => counts[hash] > 1);

    private double Share(int halved, Func<ulong, bool> isOne)
    {
        long all = 0;
        long ones = 0;
        foreach ((ulong hash, int count) in counts)
            if (IsKept(hash, halved))
            {
                all += count;
                ones += isOne(hash) ? count : 0;
            }
        return all == 0 ? 0 : (double)ones / all;
    }

    private static bool IsKept(ulong hash, int halved) => halved == 0 || hash >> (64 - halved) == 0;
}
