namespace QuantBuild.Numerics;

/// <summary>A histogram of values that arrive in any chunks and any order, of fixed size: its state is a function of the multiset of
/// values, bit for bit (see <see cref="HistogramGrid"/>).</summary>
internal sealed class StreamingHistogram
{
    private readonly long[] counts = new long[HistogramGrid.BinCount];
    private HistogramGrid grid = HistogramGrid.Of(0f, 0f);
    private FloatRange range = FloatRange.Empty;

    /// <summary>Bins are 2^Exponent wide.</summary>
    public int Exponent => grid.Exponent;

    /// <summary><see cref="Counts"/>[i] counts the values in [(FirstBin + i) · 2^Exponent, (FirstBin + i + 1) · 2^Exponent).</summary>
    public long FirstBin => grid.FirstBin;

    /// <summary>[<see cref="HistogramGrid.BinCount"/>]</summary>
    public ReadOnlySpan<long> Counts => counts;

    /// <summary>+∞ before the first value.</summary>
    public float Minimum => range.Minimum;

    /// <summary>−∞ before the first value.</summary>
    public float Maximum => range.Maximum;

    /// <summary>Number of values.</summary>
    public long Total { get; private set; }

    /// <param name="values">Finite.</param>
    public void Add(ReadOnlySpan<float> values) => Add(values, MinMaxKernel.Scan(values));

    /// <param name="values">Finite.</param>
    /// <param name="valuesRange">Of these values, by <see cref="MinMaxKernel.Scan"/>, or of them and others that are added too.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public void Add(ReadOnlySpan<float> values, FloatRange valuesRange)
    {
        if (valuesRange.HasNaN || valuesRange.HasInfinity)
            throw new ArgumentException($"Only finite values have a histogram, not {valuesRange}.", nameof(values));
        if (values.IsEmpty)
            return;

        Grow(valuesRange);
        HistogramKernel.Count(values, counts, grid);
        Total += values.Length;
    }

    /// <summary>Gives the same state as adding the values that <paramref name="other"/> has seen.</summary>
    public void Merge(StreamingHistogram other)
    {
        if (other.Total == 0)
            return;

        Grow(other.range);
        AddBins(other.counts, other.grid, counts, grid);
        Total += other.Total;
    }

    private void Grow(FloatRange addition)
    {
        FloatRange union = range.Union(addition);
        if (union == range)
            return;

        HistogramGrid grown = HistogramGrid.Of(union.Minimum, union.Maximum);
        if (Total > 0 && grown != grid)
        {
            Span<long> moved = stackalloc long[HistogramGrid.BinCount];
            moved.Clear();
            AddBins(counts, grid, moved, grown);
            moved.CopyTo(counts);
        }

        grid = grown;
        range = union;
    }

    /// <param name="toGrid">Not finer than <paramref name="fromGrid"/>, and around all of its values.</param>
    private static void AddBins(ReadOnlySpan<long> from, HistogramGrid fromGrid, Span<long> to, HistogramGrid toGrid)
    {
        int shift = toGrid.Exponent - fromGrid.Exponent;
        for (int i = 0; i < from.Length; i++)
        {
            if (from[i] != 0)
                to[(int)(ShiftRight(fromGrid.FirstBin + i, shift) - toGrid.FirstBin)] += from[i];
        }
    }

    /// <summary>floor(bin / 2^shift); C# takes the shift modulo 64, and from 63 on only the sign is left.</summary>
    private static long ShiftRight(long bin, int shift) => bin >> Math.Min(shift, 63);
}
