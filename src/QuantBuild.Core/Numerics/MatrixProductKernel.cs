using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Adds the product of two matrices of floats: <c>sums[m, n] += Σ_k left[m, k] · right[k, n]</c>.</summary>
/// <remarks>The order is part of the definition: the terms of a block of <see cref="BlockDepth"/> are added up in the order of k, each rounded once
/// together with its product, and then the block to the sum. Sums do not depend on each other, so that the width of vectors changes no bit.</remarks>
internal static class MatrixProductKernel
{
    /// <summary>Terms that are summed up in registers: a panel of the right matrix at the widest vectors then fills a first-level cache of 32 KiB.</summary>
    public const int BlockDepth = 256;

    /// <summary>Rows by two vectors of sums fit the 16 registers of AVX2 and hide the latency of an addition on all others.</summary>
    private const int TileRows = 6;

    private const int TileVectors = 2;

    private const int WidestVector = 16;

    [ThreadStatic]
    private static float[]? leftPanels;

    [ThreadStatic]
    private static float[]? rightPanel;

    /// <param name="sums">[left.Rows, right.Columns]</param>
    public static void Add(MatrixView left, MatrixView right, Span<float> sums)
    {
        Check(left, right, sums);
        if (Vector512.IsHardwareAccelerated && right.Columns > Vector256<float>.Count)
            AddTiles<FloatVector512>(left, right, sums);
        else if (Vector256.IsHardwareAccelerated && right.Columns > Vector128<float>.Count)
            AddTiles<FloatVector256>(left, right, sums);
        else
            AddTiles<FloatVector128>(left, right, sums);
    }

    /// <summary>The reference.</summary>
    public static void AddScalar(MatrixView left, MatrixView right, Span<float> sums)
    {
        Check(left, right, sums);
        for (int start = 0; start < left.Columns; start += BlockDepth)
            for (int m = 0; m < left.Rows; m++)
                for (int n = 0; n < right.Columns; n++)
                {
                    float sum = 0;
                    for (int k = start; k < Math.Min(start + BlockDepth, left.Columns); k++)
                        sum = MathF.FusedMultiplyAdd(left[m, k], right[k, n], sum);
                    sums[(m * right.Columns) + n] += sum;
                }
    }

    private static void AddTiles<TVector>(MatrixView left, MatrixView right, Span<float> sums)
        where TVector : struct, IFloatVector<TVector>
    {
        int tileColumns = TileVectors * TVector.Count;
        int strips = (left.Rows + TileRows - 1) / TileRows;
        Span<float> leftPacked = Buffer(ref leftPanels, strips * TileRows * BlockDepth);
        Span<float> rightPacked = Buffer(ref rightPanel, BlockDepth * TileVectors * WidestVector);
        Span<float> tile = stackalloc float[TileRows * TileVectors * WidestVector];
        for (int start = 0; start < left.Columns; start += BlockDepth)
        {
            int depth = Math.Min(BlockDepth, left.Columns - start);
            for (int strip = 0; strip < strips; strip++)
                PackLeft(left, strip * TileRows, start, depth, leftPacked.Slice(strip * TileRows * depth, TileRows * depth));
            for (int column = 0; column < right.Columns; column += tileColumns)
            {
                PackRight(right, column, start, depth, tileColumns, rightPacked);
                int columns = Math.Min(tileColumns, right.Columns - column);
                for (int strip = 0; strip < strips; strip++)
                {
                    int row = strip * TileRows;
                    int rows = Math.Min(TileRows, left.Rows - row);
                    ReadOnlySpan<float> panel = leftPacked.Slice(row * depth, TileRows * depth);
                    Span<float> to = sums[((row * right.Columns) + column)..];
                    if (rows == TileRows && columns == tileColumns)
                    {
                        AddTile<TVector>(panel, rightPacked, depth, to, right.Columns);
                        continue;
                    }
                    tile.Clear();
                    AddTile<TVector>(panel, rightPacked, depth, tile, tileColumns);
                    for (int i = 0; i < rows; i++)
                        for (int j = 0; j < columns; j++)
                            to[(i * right.Columns) + j] += tile[(i * tileColumns) + j];
                }
            }
        }
    }

    private static Span<float> Buffer(ref float[]? kept, int length)
    {
        if (kept is null || kept.Length < length)
            kept = new float[length];
        return kept;
    }

    /// <summary>[depth, <see cref="TileRows"/>]; rows behind the last are zeros.</summary>
    private static void PackLeft(MatrixView left, int row, int start, int depth, Span<float> packed)
    {
        for (int i = 0; i < TileRows; i++)
        {
            if (row + i >= left.Rows)
            {
                for (int k = 0; k < depth; k++)
                    packed[(k * TileRows) + i] = 0;
                continue;
            }
            ReadOnlySpan<float> from = left.Values[(((row + i) * left.RowStride) + (start * left.ColumnStride))..];
            for (int k = 0, to = i, at = 0; k < depth; k++, to += TileRows, at += left.ColumnStride)
                packed[to] = from[at];
        }
    }

    /// <summary>[depth, columns]; columns behind the last are zeros.</summary>
    private static void PackRight(MatrixView right, int column, int start, int depth, int columns, Span<float> packed)
    {
        int count = Math.Min(columns, right.Columns - column);
        if (count < columns)
            packed[..(depth * columns)].Clear();
        ReadOnlySpan<float> from = right.Values[((start * right.RowStride) + (column * right.ColumnStride))..];
        if (right.ColumnStride == 1)
        {
            for (int k = 0; k < depth; k++)
                from.Slice(k * right.RowStride, count).CopyTo(packed[(k * columns)..]);
            return;
        }
        for (int j = 0; j < count; j++)
            for (int k = 0, to = j, at = j * right.ColumnStride; k < depth; k++, to += columns, at += right.RowStride)
                packed[to] = from[at];
    }

    private static void AddTile<TVector>(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int depth, Span<float> sums, int stride)
        where TVector : struct, IFloatVector<TVector>
    {
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float to = ref MemoryMarshal.GetReference(sums);
        int width = TVector.Count;
        TVector zero = TVector.Create(0);
        TVector sum00 = zero, sum01 = zero, sum10 = zero, sum11 = zero, sum20 = zero, sum21 = zero;
        TVector sum30 = zero, sum31 = zero, sum40 = zero, sum41 = zero, sum50 = zero, sum51 = zero;
        for (int k = 0, i = 0, j = 0; k < depth; k++, i += TileRows, j += TileVectors * width)
        {
            TVector first = TVector.Load(ref b, j);
            TVector second = TVector.Load(ref b, j + width);
            TVector factor = TVector.Create(Unsafe.Add(ref a, i));
            sum00 = TVector.MultiplyAdd(factor, first, sum00);
            sum01 = TVector.MultiplyAdd(factor, second, sum01);
            factor = TVector.Create(Unsafe.Add(ref a, i + 1));
            sum10 = TVector.MultiplyAdd(factor, first, sum10);
            sum11 = TVector.MultiplyAdd(factor, second, sum11);
            factor = TVector.Create(Unsafe.Add(ref a, i + 2));
            sum20 = TVector.MultiplyAdd(factor, first, sum20);
            sum21 = TVector.MultiplyAdd(factor, second, sum21);
            factor = TVector.Create(Unsafe.Add(ref a, i + 3));
            sum30 = TVector.MultiplyAdd(factor, first, sum30);
            sum31 = TVector.MultiplyAdd(factor, second, sum31);
            factor = TVector.Create(Unsafe.Add(ref a, i + 4));
            sum40 = TVector.MultiplyAdd(factor, first, sum40);
            sum41 = TVector.MultiplyAdd(factor, second, sum41);
            factor = TVector.Create(Unsafe.Add(ref a, i + 5));
            sum50 = TVector.MultiplyAdd(factor, first, sum50);
            sum51 = TVector.MultiplyAdd(factor, second, sum51);
        }
        AddRow(ref to, 0, sum00, sum01);
        AddRow(ref to, stride, sum10, sum11);
        AddRow(ref to, 2 * stride, sum20, sum21);
        AddRow(ref to, 3 * stride, sum30, sum31);
        AddRow(ref to, 4 * stride, sum40, sum41);
        AddRow(ref to, 5 * stride, sum50, sum51);
    }

    private static void AddRow<TVector>(ref float sums, int position, TVector first, TVector second)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector.Store(TVector.Load(ref sums, position) + first, ref sums, position);
        TVector.Store(TVector.Load(ref sums, position + TVector.Count) + second, ref sums, position + TVector.Count);
    }

    private static void Check(MatrixView left, MatrixView right, ReadOnlySpan<float> sums)
    {
        if (left.Columns != right.Rows || sums.Length < left.Rows * right.Columns)
            throw new ArgumentException(
                $"[{left.Rows},{left.Columns}] times [{right.Rows},{right.Columns}] does not fit {sums.Length} sums.");
    }
}
