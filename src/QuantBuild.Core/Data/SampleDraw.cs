using System.Collections;

namespace QuantBuild.Data;

/// <summary>Samples drawn from all over a data set: their numbers are hashed with a seed, and the smallest hashes are taken. So a set that is sorted
/// by class is drawn from evenly, and the same seed gives the same samples on every machine.</summary>
internal sealed class SampleDraw
{
    private readonly BitArray taken;
    private readonly BitArray heldOut;

    private SampleDraw(BitArray taken, BitArray heldOut)
    {
        this.taken = taken;
        this.heldOut = heldOut;
    }

    /// <param name="total">Samples of the set.</param>
    /// <param name="limit">So many are taken, or all.</param>
    /// <param name="holdOutEvery">One of so many that are taken is held out.</param>
    public static SampleDraw Of(long total, long limit, long seed, int holdOutEvery)
    {
        int count = checked((int)total);
        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort([.. order.Select(index => Hash(seed, index))], order);
        var taken = new BitArray(count);
        var heldOut = new BitArray(count);
        for (int rank = 0; rank < Math.Min(count, limit); rank++)
        {
            taken[order[rank]] = true;
            heldOut[order[rank]] = rank % holdOutEvery == holdOutEvery - 1;
        }
        return new SampleDraw(taken, heldOut);
    }

    public bool Includes(long index, SamplePart part) => index < taken.Count && taken[(int)index] && part switch
    {
        SamplePart.Kept => !heldOut[(int)index],
        SamplePart.HeldOut => heldOut[(int)index],
        _ => true,
    };

    public long CountBelow(long limit, SamplePart part)
    {
        long count = 0;
        for (int index = 0; index < Math.Min(limit, taken.Count); index++)
            count += Includes(index, part) ? 1 : 0;
        return count;
    }

    /// <summary>The smallest index below which so many samples of a part lie.</summary>
    public long LimitFor(long samples, SamplePart part)
    {
        int index = 0;
        for (long found = 0; found < samples && index < taken.Count; index++)
            found += Includes(index, part) ? 1 : 0;
        return index;
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, 2014), a bijection of 64-bit numbers: no two samples share a hash.</summary>
    private static ulong Hash(long seed, long index)
    {
        unchecked
        {
            ulong state = Mixed((ulong)seed) + ((ulong)index * 0x9E3779B97F4A7C15UL);
            return Mixed(state);
        }

        static ulong Mixed(ulong z)
        {
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
            return z ^ (z >> 31);
        }
    }
}
