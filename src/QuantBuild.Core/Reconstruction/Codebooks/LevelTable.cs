namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>Levels as they are searched in a loop.</summary>
internal sealed class LevelTable
{
    private readonly float[] middles;

    /// <param name="levels">Ascending, at least one, not all zero.</param>
    public LevelTable(float[] levels)
    {
        Levels = levels;
        middles = [.. levels.Skip(1).Zip(levels, (above, below) => (float)(((double)above + below) / 2))];
        Largest = Math.Max(Math.Abs(levels[0]), Math.Abs(levels[^1]));
        HasZero = levels.Contains(0);
        IsSymmetric = levels.Zip(levels.Reverse(), (level, opposite) => level + opposite == 0).All(same => same);
    }

    public float[] Levels { get; }

    /// <summary>The largest magnitude.</summary>
    public float Largest { get; }

    public bool HasZero { get; }

    /// <summary>True: each level has its negative among them, so that the sign of a scale changes nothing.</summary>
    public bool IsSymmetric { get; }

    /// <summary>2^bits levels: the largest is repeated, which no weight is nearest to.</summary>
    public static float[] Padded(float[] levels, int bits)
    {
        int count = 1 << bits;
        if (levels.Length > count)
            throw new ArgumentException($"{levels.Length} levels do not fit in {bits} bits.", nameof(levels));
        return [.. levels, .. Enumerable.Repeat(levels[^1], count - levels.Length)];
    }

    public int NearestTo(float wanted)
    {
        int low = 0;
        int high = middles.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (wanted <= middles[middle])
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
