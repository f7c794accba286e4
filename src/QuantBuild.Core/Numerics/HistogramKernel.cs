using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Counts values into the bins of a <see cref="HistogramGrid"/>.</summary>
internal static class HistogramKernel
{
    /// <summary>Bin numbers are computed so many at a time, into the first-level cache, and then counted one by one.</summary>
    private const int BlockLength = 512;

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
        ref float start = ref MemoryMarshal.GetReference(source);
        Span<int> bins = stackalloc int[BlockLength];
        TVector factor = TVector.Create(MathF.ScaleB(1f, -grid.Exponent));
        TVector first = TVector.Create(grid.FirstBin);
        TVector minusOne = TVector.Create(-1f);
        int length = source.Length - (source.Length % TVector.Count);
        for (int position = 0; position < length; position += BlockLength)
        {
            int blockLength = Math.Min(BlockLength, length - position);
            for (int i = 0; i < blockLength; i += TVector.Count)
            {
                TVector value = TVector.Load(ref start, position + i);
                TVector floor = TVector.Floor(value * factor);
                TVector bin = TVector.SelectNegative(value, TVector.AtMost(floor, minusOne), floor);
                TVector.StoreInt32(bin - first, ref bins[0], i);
            }

            foreach (int bin in bins[..blockLength])
                counts[bin]++;
        }

        return length;
    }
}
