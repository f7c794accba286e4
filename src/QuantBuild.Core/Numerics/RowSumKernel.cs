using System.Runtime.CompilerServices;
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

    private const int ChannelsTogether = 4;

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

    /// <summary>The same with all rows for many rows of sums: <c>sums[c, k] += Σ_j factors[c, j] · matrix[j, k]</c>, j ascending.</summary>
    /// <param name="matrix">[rows, <paramref name="columns"/>], of finite numbers.</param>
    /// <param name="factors">[channels, rows].</param>
    /// <param name="sums">[channels, <paramref name="columns"/>].</param>
    public static void AddProduct(ReadOnlySpan<float> matrix, int columns, ReadOnlySpan<float> factors, Span<float> sums)
    {
        int rows = matrix.Length / columns;
        int channels = sums.Length / columns;
        if (matrix.Length != rows * columns || sums.Length != channels * columns || factors.Length != channels * rows)
            throw new ArgumentException($"[{factors.Length}] factors and [{sums.Length}] sums do not fit {matrix.Length} elements in {columns} columns.");
        AddProduct(matrix, columns, new MatrixPart(0, rows, 0, columns), factors, sums, columns);
    }

    /// <summary>The same with a part of the matrix.</summary>
    /// <param name="factors">[channels, rows of the part].</param>
    /// <param name="sums">Of each channel as many as the part has columns.</param>
    /// <param name="stride">From the sums of one channel to those of the next.</param>
    public static void AddProduct(
        ReadOnlySpan<float> matrix, int columns, MatrixPart part, ReadOnlySpan<float> factors, Span<float> sums, int stride)
    {
        int channels = part.Rows == 0 ? 0 : factors.Length / part.Rows;
        if (channels == 0 || part.Columns == 0)
            return;
        if (factors.Length != channels * part.Rows || part.FirstRow < 0 || part.FirstRow + part.Rows > matrix.Length / columns
            || part.FirstColumn < 0 || part.FirstColumn + part.Columns > columns || stride < part.Columns
            || sums.Length < ((channels - 1) * stride) + part.Columns)
            throw new ArgumentException($"[{factors.Length}] factors and [{sums.Length}] sums do not fit {part} of {columns} columns.");
        Span<int> indices = stackalloc int[BlockRows];
        for (int start = 0; start < part.Rows; start += BlockRows)
        {
            int count = Math.Min(BlockRows, part.Rows - start);
            int done = 0;
            int together = channels / ChannelsTogether * ChannelsTogether;
            for (int channel = 0; channel < together; channel += ChannelsTogether)
            {
                ReadOnlySpan<float> from = matrix[(((part.FirstRow + start) * columns) + part.FirstColumn)..];
                ReadOnlySpan<float> factorsOfFour = factors[((channel * part.Rows) + start)..];
                Span<float> sumsOfFour = sums[(channel * stride)..];
                done = 0;
                if (Vector512.IsHardwareAccelerated)
                    done = AddFour<FloatVector512>(from, columns, factorsOfFour, part.Rows, count, sumsOfFour, stride, part.Columns, done);
                if (Vector256.IsHardwareAccelerated)
                    done = AddFour<FloatVector256>(from, columns, factorsOfFour, part.Rows, count, sumsOfFour, stride, part.Columns, done);
            }
            for (int i = 0; i < count; i++)
                indices[i] = part.FirstRow + start + i;
            for (int channel = 0; channel < channels; channel++)
            {
                int first = channel < together ? done : 0;
                Add(
                    matrix, columns, indices[..count], factors.Slice((channel * part.Rows) + start, count), part.FirstColumn + first,
                    sums[((channel * stride) + first)..((channel * stride) + part.Columns)]);
            }
        }
    }

    /// <summary>Each vector of the matrix is read once for four channels.</summary>
    /// <returns>Sums done of each channel.</returns>
    private static int AddFour<TVector>(
        ReadOnlySpan<float> matrix, int columns, ReadOnlySpan<float> factors, int factorStride, int rows, Span<float> sums, int sumStride, int length, int position)
        where TVector : struct, IFloatVector<TVector>
    {
        ref float source = ref MemoryMarshal.GetReference(matrix);
        ref float factor = ref MemoryMarshal.GetReference(factors);
        ref float destination = ref MemoryMarshal.GetReference(sums);
        int width = TVector.Count;
        for (; position <= length - (2 * width); position += 2 * width)
        {
            TVector sum00 = TVector.Load(ref destination, position);
            TVector sum01 = TVector.Load(ref destination, position + width);
            TVector sum10 = TVector.Load(ref destination, sumStride + position);
            TVector sum11 = TVector.Load(ref destination, sumStride + position + width);
            TVector sum20 = TVector.Load(ref destination, (2 * sumStride) + position);
            TVector sum21 = TVector.Load(ref destination, (2 * sumStride) + position + width);
            TVector sum30 = TVector.Load(ref destination, (3 * sumStride) + position);
            TVector sum31 = TVector.Load(ref destination, (3 * sumStride) + position + width);
            for (int i = 0, from = position; i < rows; i++, from += columns)
            {
                TVector left = TVector.Load(ref source, from);
                TVector right = TVector.Load(ref source, from + width);
                TVector factor0 = TVector.Create(Unsafe.Add(ref factor, i));
                sum00 += factor0 * left;
                sum01 += factor0 * right;
                TVector factor1 = TVector.Create(Unsafe.Add(ref factor, factorStride + i));
                sum10 += factor1 * left;
                sum11 += factor1 * right;
                TVector factor2 = TVector.Create(Unsafe.Add(ref factor, (2 * factorStride) + i));
                sum20 += factor2 * left;
                sum21 += factor2 * right;
                TVector factor3 = TVector.Create(Unsafe.Add(ref factor, (3 * factorStride) + i));
                sum30 += factor3 * left;
                sum31 += factor3 * right;
            }
            TVector.Store(sum00, ref destination, position);
            TVector.Store(sum01, ref destination, position + width);
            TVector.Store(sum10, ref destination, sumStride + position);
            TVector.Store(sum11, ref destination, sumStride + position + width);
            TVector.Store(sum20, ref destination, (2 * sumStride) + position);
            TVector.Store(sum21, ref destination, (2 * sumStride) + position + width);
            TVector.Store(sum30, ref destination, (3 * sumStride) + position);
            TVector.Store(sum31, ref destination, (3 * sumStride) + position + width);
        }
        return position;
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

/// <summary>Neighbouring rows and columns of a matrix.</summary>
internal readonly record struct MatrixPart(int FirstRow, int Rows, int FirstColumn, int Columns);
