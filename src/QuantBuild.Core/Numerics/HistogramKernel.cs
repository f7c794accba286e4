using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Counts values into the bins of a <see cref="HistogramGrid"/>.</summary>
internal static class HistogramKernel
{
    /// <summary>Bin numbers are computed so many at a time, into the first-level cache, and then counted one by one.</summary>
    private const int BlockLength = 512;

    /// <summary>Adding one to the same number again and again, as rectified values make it, waits for the number to be stored each time;
    /// with four numbers in turn it does not. Four tables of int32 fit into the first-level cache.</summary>
    private const int Tables = 4;

    /// <param name="source">Finite, and within the bins of the grid.</param>
    /// <param name="counts">[<see cref="HistogramGrid.BinCount"/>], added to.</param>
    /// <exception cref="IndexOutOfRangeException">A value lies outside of the grid.</exception>
    public static void Count(ReadOnlySpan<float> source, Span<long> counts, HistogramGrid grid)
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = CountVectors<FloatVector512>(source, counts, grid);
        else if (Vector256.IsHardwareAccelerated)
            done = CountVectors<FloatVector256>(source, counts, grid);
        else if (Vector128.IsHardwareAccelerated)
            done = CountVectors<FloatVector128>(source, counts, grid);
        CountScalar(source[done..], counts, grid);
    }

    /// <summary>The reference.</summary>
    public static void CountScalar(ReadOnlySpan<float> source, Span<long> counts, HistogramGrid grid)
    {
        foreach (float value in source)
            counts[(int)(HistogramGrid.BinOf(value, grid.Exponent) - grid.FirstBin)]++;
    }

    /// <summary>The scalar form in float32. The product with a power of two is exact unless it falls below the normal floats; then it is so
    /// small that only its sign matters, which it may lose by becoming zero: a value below zero lies in bin −1 or lower, whatever the
    /// product says. The product's floor and the first bin are integers below 2^25 that are floors of floats, hence floats, and their
    /// difference is below <see cref="HistogramGrid.BinCount"/>, hence exact.</summary>
    /// <returns>Elements done.</returns>
    private static int CountVectors<TVector>(ReadOnlySpan<float> source, Span<long> counts, HistogramGrid grid)
        where TVector : struct, IFloatVector<TVector>
    {
        int length = source.Length - (source.Length % TVector.Count);
        if (length == 0)
            return 0;

        int[] tables = ArrayPool<int>.Shared.Rent(Tables * HistogramGrid.BinCount);
        tables.AsSpan(0, Tables * HistogramGrid.BinCount).Clear();
        CountInto<TVector>(source[..length], Table(0), Table(1), Table(2), Table(3), grid);
        for (int bin = 0; bin < counts.Length; bin++)
            counts[bin] += (long)Table(0)[bin] + Table(1)[bin] + Table(2)[bin] + Table(3)[bin];
        ArrayPool<int>.Shared.Return(tables);
        return length;

        Span<int> Table(int table) => tables.AsSpan(table * HistogramGrid.BinCount, HistogramGrid.BinCount);
    }

    /// <summary>Neighbours are counted in different tables.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountInto<TVector>(
        ReadOnlySpan<float> source, Span<int> counts0, Span<int> counts1, Span<int> counts2, Span<int> counts3, HistogramGrid grid)
        where TVector : struct, IFloatVector<TVector>
    {
        ref float start = ref MemoryMarshal.GetReference(source);
        Span<int> bins = stackalloc int[BlockLength];
        TVector factor = TVector.Create(MathF.ScaleB(1f, -grid.Exponent));
        TVector first = TVector.Create(grid.FirstBin);
        TVector minusOne = TVector.Create(-1f);
        for (int position = 0; position < source.Length; position += BlockLength)
        {
            int blockLength = Math.Min(BlockLength, source.Length - position);
            for (int i = 0; i < blockLength; i += TVector.Count)
            {
                TVector value = TVector.Load(ref start, position + i);
                TVector floor = TVector.Floor(value * factor);
                TVector bin = TVector.SelectNegative(value, TVector.AtMost(floor, minusOne), floor);
                TVector.StoreInt32(bin - first, ref bins[0], i);
            }

            // Every vector has a multiple of four values.
            for (int i = 0; i < blockLength; i += 4)
            {
                counts0[bins[i]]++;
                counts1[bins[i + 1]]++;
                counts2[bins[i + 2]]++;
                counts3[bins[i + 3]]++;
            }
        }
    }
}
