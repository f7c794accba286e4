using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Products of a matrix, transposed, with another, added to sums: <c>sums[i, j] += Σ_r left[r, i] · right[r, j]</c>.
/// Exact in integers, so that neither order nor threads nor the width of vectors changes a bit.</summary>
internal static unsafe class GramKernel
{
    /// <summary>Twelve bits: the products of <see cref="GramProduct{TVector}.LongestPairs"/> pairs of rows fit into 32.</summary>
    public const int LargestMagnitude = 2048;

    /// <param name="left">[rows, columns], row-major, of magnitude up to <see cref="LargestMagnitude"/>.</param>
    /// <param name="right">Likewise.</param>
    /// <param name="sums">[columns, columns], added to.</param>
    /// <param name="maximumThreads">−1 for as many as there are processors.</param>
    public static void Accumulate(
        ReadOnlySpan<short> left, ReadOnlySpan<short> right, int rows, int columns, Span<long> sums, int maximumThreads = -1)
    {
        Check(left.Length, right.Length, rows, 1, columns, sums.Length);
        fixed (short* leftStart = left, rightStart = right)
        fixed (long* destination = sums)
        {
            Add(new ShortMatrix((nint)leftStart, rows, columns, columns), new ShortMatrix((nint)rightStart, rows, columns, columns),
                destination, isSymmetric: false, maximumThreads);
        }
    }

    /// <summary>The same with one matrix on both sides, at half of the work.</summary>
    /// <param name="values">[rows, columns], row-major, of magnitude up to <see cref="LargestMagnitude"/>.</param>
    /// <param name="sums">[columns, columns], symmetric, added to.</param>
    /// <param name="maximumThreads">−1 for as many as there are processors.</param>
    public static void AccumulateSymmetric(ReadOnlySpan<short> values, int rows, int columns, Span<long> sums, int maximumThreads = -1)
    {
        Check(values.Length, values.Length, rows, 1, columns, sums.Length);
        fixed (short* start = values)
        fixed (long* destination = sums)
        {
            ShortMatrix matrix = new((nint)start, rows, columns, columns);
            Add(matrix, matrix, destination, isSymmetric: true, maximumThreads);
        }

        for (int i = 1; i < columns; i++)
        {
            for (int j = 0; j < i; j++)
                sums[(i * columns) + j] = sums[(j * columns) + i];
        }
    }

    /// <summary>Many small products at once, as the channels of a depthwise convolution need them.</summary>
    /// <param name="left">[rows, groups, columns], of magnitude up to <see cref="LargestMagnitude"/>.</param>
    /// <param name="right">Likewise.</param>
    /// <param name="sums">[groups, columns, columns], added to.</param>
    /// <param name="maximumThreads">−1 for as many as there are processors.</param>
    public static void AccumulateGroups(
        ReadOnlySpan<short> left, ReadOnlySpan<short> right, int rows, int groups, int columns, Span<long> sums, int maximumThreads = -1)
    {
        Check(left.Length, right.Length, rows, groups, columns, sums.Length);
        fixed (short* leftStart = left, rightStart = right)
        fixed (long* destination = sums)
        {
            nint lefts = (nint)leftStart;
            nint rights = (nint)rightStart;
            nint destinations = (nint)destination;
            Parallel.For(0, groups, new ParallelOptions { MaxDegreeOfParallelism = maximumThreads }, group => Add(
                new ShortMatrix(lefts + ((nint)group * columns * sizeof(short)), rows, columns, groups * columns),
                new ShortMatrix(rights + ((nint)group * columns * sizeof(short)), rows, columns, groups * columns),
                (long*)destinations + ((nint)group * columns * columns),
                isSymmetric: false,
                maximumThreads: 1));
        }
    }

    /// <summary>The reference.</summary>
    public static void AccumulateScalar(ReadOnlySpan<short> left, ReadOnlySpan<short> right, int rows, int columns, Span<long> sums)
    {
        Check(left.Length, right.Length, rows, 1, columns, sums.Length);
        fixed (short* leftStart = left, rightStart = right)
        {
            AddScalar(
                new ShortMatrix((nint)leftStart, rows, columns, columns), new ShortMatrix((nint)rightStart, rows, columns, columns), sums);
        }
    }

    /// <summary>Vectors are as wide as the columns need: in wider ones lanes would be idle.</summary>
    private static void Add(ShortMatrix left, ShortMatrix right, long* sums, bool isSymmetric, int maximumThreads)
    {
        if (Vector512.IsHardwareAccelerated && right.Columns > GramProduct<PairVector256>.TileColumns)
            GramProduct<PairVector512>.Add(left, right, sums, isSymmetric, maximumThreads);
        else if (Vector256.IsHardwareAccelerated && right.Columns > GramProduct<PairVector128>.TileColumns)
            GramProduct<PairVector256>.Add(left, right, sums, isSymmetric, maximumThreads);
        else if (Vector128.IsHardwareAccelerated)
            GramProduct<PairVector128>.Add(left, right, sums, isSymmetric, maximumThreads);
        else
            AddScalar(left, right, new Span<long>(sums, checked(left.Columns * right.Columns)));
    }

    private static void AddScalar(ShortMatrix left, ShortMatrix right, Span<long> sums)
    {
        for (int row = 0; row < left.Rows; row++)
        {
            for (int i = 0; i < left.Columns; i++)
            {
                for (int j = 0; j < right.Columns; j++)
                    sums[(i * right.Columns) + j] += left.Row(row)[i] * right.Row(row)[j];
            }
        }
    }

    private static void Check(int left, int right, int rows, int groups, int columns, int sums)
    {
        long elements = (long)rows * groups * columns;
        if (left != elements || right != elements || sums != (long)groups * columns * columns)
            throw new ArgumentException($"{left} and {right} elements and {sums} sums do not fit [{rows}, {groups}, {columns}].");
    }
}
