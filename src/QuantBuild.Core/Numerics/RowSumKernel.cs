using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Sums of rows of a matrix, each times a factor: <c>sums[k] += Σ_i factors[i] · matrix[rows[i], k]</c>.</summary>
/// <remarks>The order is part of the definition: i ascends, and a product is rounded before it is added. Sums do not depend on each other, so that
/// the width of vectors and the number of threads change no bit.</remarks>
internal static class RowSumKernel
{
    /// <summary>Rows that are added to all sums before the next ones are read: with 2048 columns they fill half of a second-level cache of 1 MiB.</summary>
    public const int BlockRows = 64;

    /// <summary>Sums that are kept in registers.</summary>
    private const int VectorsPerStrip = 8;

    /// <param name="matrix">[any, <paramref name="columns"/>], row-major.</param>
    /// <param name="rows">Indices of rows; checked.</param>
    /// <param name="factors">As many.</param>
    /// <param name="firstColumn">Column that belongs to the first sum.</param>
    public static void Add(
        ReadOnlySpan<float> matrix, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<float> factors, int firstColumn, Span<float> sums)
    {
        Check(matrix, columns, rows, factors, firstColumn, sums);
        ref float start = ref MemoryMarshal.GetReference(matrix[firstColumn..]);
        int done = 0;
        if (rows.IsEmpty)
            return;
        if (Vector512.IsHardwareAccelerated)
            done = AddVectors<FloatVector512>(ref start, columns, rows, factors, sums, done);
        if (Vector256.IsHardwareAccelerated)
            done = AddVectors<FloatVector256>(ref start, columns, rows, factors, sums, done);
        if (Vector128.IsHardwareAccelerated)
            done = AddVectors<FloatVector128>(ref start, columns, rows, factors, sums, done);
        AddScalar(matrix, columns, rows, factors, firstColumn + done, sums[done..]);
    }

    /// <summary>The reference.</summary>
    public static void AddScalar(
        ReadOnlySpan<float> matrix, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<float> factors, int firstColumn, Span<float> sums)
    {
        for (int k = 0; k < sums.Length; k++)
        {
            float sum = sums[k];
            for (int i = 0; i < rows.Length; i++)
                sum += factors[i] * matrix[(rows[i] * columns) + firstColumn + k];
            sums[k] = sum;
        }
    }

    /// <summary>The same with all rows for many rows of sums: <c>sums[c, k] += Σ_j factors[c, j] · matrix[j, k]</c>, j ascending; factors of 0 are left out.</summary>
    /// <param name="matrix">[rows, <paramref name="columns"/>].</param>
    /// <param name="factors">[channels, rows].</param>
    /// <param name="sums">[channels, <paramref name="columns"/>].</param>
    public static void AddProduct(ReadOnlySpan<float> matrix, int columns, ReadOnlySpan<float> factors, Span<float> sums)
    {
        int rows = matrix.Length / columns;
        int channels = sums.Length / columns;
        if (matrix.Length != rows * columns || sums.Length != channels * columns || factors.Length != channels * rows)
            throw new ArgumentException($"[{factors.Length}] factors and [{sums.Length}] sums do not fit {matrix.Length} elements in {columns} columns.");
        Span<int> indices = stackalloc int[BlockRows];
        Span<float> used = stackalloc float[BlockRows];
        for (int start = 0; start < rows; start += BlockRows)
        {
            int end = Math.Min(start + BlockRows, rows);
            for (int channel = 0; channel < channels; channel++)
            {
                int count = 0;
                for (int row = start; row < end; row++)
                {
                    float factor = factors[(channel * rows) + row];
                    if (factor != 0)
                        (indices[count], used[count++]) = (row, factor);
                }
                Add(matrix, columns, indices[..count], used[..count], 0, sums.Slice(channel * columns, columns));
            }
        }
    }

    /// <returns>Sums done.</returns>
    private static int AddVectors<TVector>(
        ref float matrix, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<float> factors, Span<float> sums, int position)
        where TVector : struct, IFloatVector<TVector>
    {
        ref float destination = ref MemoryMarshal.GetReference(sums);
        int width = TVector.Count;
        for (; position <= sums.Length - (VectorsPerStrip * width); position += VectorsPerStrip * width)
        {
            TVector sum0 = TVector.Load(ref destination, position);
            TVector sum1 = TVector.Load(ref destination, position + width);
            TVector sum2 = TVector.Load(ref destination, position + (2 * width));
            TVector sum3 = TVector.Load(ref destination, position + (3 * width));
            TVector sum4 = TVector.Load(ref destination, position + (4 * width));
            TVector sum5 = TVector.Load(ref destination, position + (5 * width));
            TVector sum6 = TVector.Load(ref destination, position + (6 * width));
            TVector sum7 = TVector.Load(ref destination, position + (7 * width));
            for (int i = 0; i < rows.Length; i++)
            {
                TVector factor = TVector.Create(factors[i]);
                int from = (rows[i] * columns) + position;
                sum0 += factor * TVector.Load(ref matrix, from);
                sum1 += factor * TVector.Load(ref matrix, from + width);
                sum2 += factor * TVector.Load(ref matrix, from + (2 * width));
                sum3 += factor * TVector.Load(ref matrix, from + (3 * width));
                sum4 += factor * TVector.Load(ref matrix, from + (4 * width));
                sum5 += factor * TVector.Load(ref matrix, from + (5 * width));
                sum6 += factor * TVector.Load(ref matrix, from + (6 * width));
                sum7 += factor * TVector.Load(ref matrix, from + (7 * width));
            }
            TVector.Store(sum0, ref destination, position);
            TVector.Store(sum1, ref destination, position + width);
            TVector.Store(sum2, ref destination, position + (2 * width));
            TVector.Store(sum3, ref destination, position + (3 * width));
            TVector.Store(sum4, ref destination, position + (4 * width));
            TVector.Store(sum5, ref destination, position + (5 * width));
            TVector.Store(sum6, ref destination, position + (6 * width));
            TVector.Store(sum7, ref destination, position + (7 * width));
        }
        for (; position <= sums.Length - width; position += width)
        {
            TVector sum = TVector.Load(ref destination, position);
            for (int i = 0; i < rows.Length; i++)
                sum += TVector.Create(factors[i]) * TVector.Load(ref matrix, (rows[i] * columns) + position);
            TVector.Store(sum, ref destination, position);
        }
        return position;
    }

    private static void Check(
        ReadOnlySpan<float> matrix, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<float> factors, int firstColumn, ReadOnlySpan<float> sums)
    {
        if (factors.Length != rows.Length || firstColumn < 0 || firstColumn + sums.Length > columns)
            throw new ArgumentException($"{factors.Length} factors, {rows.Length} rows, {sums.Length} sums from {firstColumn} do not fit {columns} columns.");
        int count = matrix.Length / columns;
        foreach (int row in rows)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)count, nameof(rows));
    }
}
