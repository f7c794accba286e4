using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>Samples in a mixed order, each once before any comes again.</summary>
internal sealed class SampleOrder(int count, ulong seed)
{
    private readonly int[] order = [.. Enumerable.Range(0, count)];

    private int next = int.MaxValue;

    private ulong drawn = seed;

    /// <summary>Fills <paramref name="samples"/> with the next ones.</summary>
    public void Next(Span<int> samples)
    {
        foreach (ref int sample in samples)
        {
            if (next >= order.Length)
                Shuffle();
            sample = order[next++];
        }
    }

    private void Shuffle()
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = (int)(SplitMix.Mix(drawn++) % (ulong)(i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }
        next = 0;
    }
}
