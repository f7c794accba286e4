using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace QuantBuild.Numerics;

/// <summary>The blocked form of <see cref="GramKernel"/>. Tiles of <see cref="TileRows"/> by <see cref="TileColumns"/> sums stay in registers for a
/// block of rows, are added to 64-bit sums in the second-level cache for a chunk of blocks, and only then go to memory.</summary>
internal static unsafe class GramProduct<TVector>
    where TVector : struct, IPairVector<TVector>
{
    /// <summary>Pairs of rows of one block: 2 · 2048² · 255 &lt; 2³¹, and a panel of the widest vectors is 32 KiB, which the first-level cache
    /// keeps while all tiles of a unit pass.</summary>
    public const int LongestPairs = 255;

    /// <summary>Bounds what packed copies take: [4080, columns] int16 for either side.</summary>
    private const int BlocksOfChunk = 8;

    private const int TileRows = 4;

    /// <summary>Tiles below each other that one thread takes at a time: 64 KiB of 64-bit sums at the widest vectors.</summary>
    private const int TilesOfUnit = 64;

    /// <summary>A quarter of a millisecond or so; for less, threads do not pay.</summary>
    private const long LeastWorkForThreads = 1 << 24;

    public static int TileColumns => 2 * TVector.Count;

    /// <param name="sums">[left.Columns, right.Columns]</param>
    /// <param name="isSymmetric">Leaves tiles out that lie below the diagonal.</param>
    public static void Add(ShortMatrix left, ShortMatrix right, long* sums, bool isSymmetric, int maximumThreads)
    {
        bool isSmall = (long)left.Rows * left.Columns * right.Columns < LeastWorkForThreads;
        ParallelOptions options = new() { MaxDegreeOfParallelism = isSmall ? 1 : maximumThreads };
        int chunkRows = 2 * LongestPairs * BlocksOfChunk;
        for (int row = 0; row < left.Rows; row += chunkRows)
            AddChunk(left, right, row, Math.Min(chunkRows, left.Rows - row), sums, isSymmetric, options);
    }

    private static void AddChunk(
        ShortMatrix left, ShortMatrix right, int firstRow, int rows, long* sums, bool isSymmetric, ParallelOptions options)
    {
        int blocks = Divide(rows, 2 * LongestPairs);
        int pairs = Divide(rows, 2 * blocks);
        int lastPairs = Divide(rows, 2) - (pairs * (blocks - 1));
        int leftLength = pairs * Divide(left.Columns, TileRows) * TileRows;
        int rightLength = pairs * Divide(right.Columns, TileColumns) * TileColumns;
        int[] packedLeft = ArrayPool<int>.Shared.Rent(checked(blocks * leftLength));
        int[] packedRight = ArrayPool<int>.Shared.Rent(checked(blocks * rightLength));
        For(0, blocks, options, block =>
        {
            int blockPairs = block == blocks - 1 ? lastPairs : pairs;
            GramPanels.Pack(left, firstRow + (2 * pairs * block), blockPairs, TileRows, packedLeft.AsSpan(block * leftLength, leftLength));
            GramPanels.Pack(
                right, firstRow + (2 * pairs * block), blockPairs, TileColumns, packedRight.AsSpan(block * rightLength, rightLength));
        });

        int tiles = Divide(left.Columns, TileRows);
        int strips = Divide(tiles, TilesOfUnit);
        For(0, strips * Divide(right.Columns, TileColumns), options, unit =>
        {
            int panel = unit / strips;
            int firstTile = unit % strips * TilesOfUnit;
            int firstColumn = panel * TileColumns;
            int endTile = Math.Min(tiles, firstTile + TilesOfUnit);
            if (isSymmetric)
                endTile = Math.Min(endTile, Divide(firstColumn + TileColumns, TileRows));
            if (endTile <= firstTile)
                return;

            long[] unitSums = ArrayPool<long>.Shared.Rent((endTile - firstTile) * TileRows * TileColumns);
            unitSums.AsSpan(0, (endTile - firstTile) * TileRows * TileColumns).Clear();
            for (int block = 0; block < blocks; block++)
            {
                int blockPairs = block == blocks - 1 ? lastPairs : pairs;
                ref int rightPanel = ref packedRight[(block * rightLength) + (firstColumn * blockPairs)];
                for (int tile = firstTile; tile < endTile; tile++)
                {
                    ref int leftPanel = ref packedLeft[(block * leftLength) + (tile * TileRows * blockPairs)];
                    AddTile(ref leftPanel, ref rightPanel, blockPairs, ref unitSums[(tile - firstTile) * TileRows * TileColumns]);
                }
            }

            AddToSums(unitSums, firstTile * TileRows, Math.Min(left.Columns, endTile * TileRows), firstColumn, right.Columns, sums);
            ArrayPool<long>.Shared.Return(unitSums);
        });
        ArrayPool<int>.Shared.Return(packedLeft);
        ArrayPool<int>.Shared.Return(packedRight);
    }

    /// <param name="left">[pairs, <see cref="TileRows"/>] pairs.</param>
    /// <param name="right">[pairs, <see cref="TileColumns"/>] pairs.</param>
    /// <param name="sums">[<see cref="TileRows"/>, <see cref="TileColumns"/>], added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(ref int left, ref int right, int pairs, ref long sums)
    {
        TVector sum00 = TVector.Broadcast(0);
        TVector sum01 = sum00, sum10 = sum00, sum11 = sum00, sum20 = sum00, sum21 = sum00, sum30 = sum00, sum31 = sum00;
        for (int pair = 0; pair < pairs; pair++)
        {
            // Of the next tile, which lies behind this one: processors do not look beyond a page ahead by themselves.
            if (Sse.IsSupported)
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref left, pairs * TileRows)));
            TVector right0 = TVector.Load(ref right, 0);
            TVector right1 = TVector.Load(ref right, TVector.Count);
            TVector row = TVector.Broadcast(left);
            sum00 = TVector.MultiplyAdd(sum00, row, right0);
            sum01 = TVector.MultiplyAdd(sum01, row, right1);
            row = TVector.Broadcast(Unsafe.Add(ref left, 1));
            sum10 = TVector.MultiplyAdd(sum10, row, right0);
            sum11 = TVector.MultiplyAdd(sum11, row, right1);
            row = TVector.Broadcast(Unsafe.Add(ref left, 2));
            sum20 = TVector.MultiplyAdd(sum20, row, right0);
            sum21 = TVector.MultiplyAdd(sum21, row, right1);
            row = TVector.Broadcast(Unsafe.Add(ref left, 3));
            sum30 = TVector.MultiplyAdd(sum30, row, right0);
            sum31 = TVector.MultiplyAdd(sum31, row, right1);
            left = ref Unsafe.Add(ref left, TileRows);
            right = ref Unsafe.Add(ref right, 2 * TVector.Count);
        }

        TVector.AddTo(sum00, ref sums, 0);
        TVector.AddTo(sum01, ref sums, TVector.Count);
        TVector.AddTo(sum10, ref sums, 2 * TVector.Count);
        TVector.AddTo(sum11, ref sums, 3 * TVector.Count);
        TVector.AddTo(sum20, ref sums, 4 * TVector.Count);
        TVector.AddTo(sum21, ref sums, 5 * TVector.Count);
        TVector.AddTo(sum30, ref sums, 6 * TVector.Count);
        TVector.AddTo(sum31, ref sums, 7 * TVector.Count);
    }

    /// <param name="unitSums">[endRow − firstRow, <see cref="TileColumns"/>], at least.</param>
    private static void AddToSums(ReadOnlySpan<long> unitSums, int firstRow, int endRow, int firstColumn, int columns, long* sums)
    {
        int width = Math.Min(TileColumns, columns - firstColumn);
        for (int row = firstRow; row < endRow; row++)
        {
            ReadOnlySpan<long> from = unitSums.Slice((row - firstRow) * TileColumns, width);
            Span<long> to = new(sums + ((nint)row * columns) + firstColumn, width);
            for (int i = 0; i < to.Length; i++)
                to[i] += from[i];
        }
    }

    /// <summary>In this thread when there is one, because starting a loop of tasks allocates.</summary>
    private static void For(int start, int end, ParallelOptions options, Action<int> body)
    {
        if (options.MaxDegreeOfParallelism == 1)
        {
            for (int i = start; i < end; i++)
                body(i);
        }
        else
        {
            Parallel.For(start, end, options, body);
        }
    }

    private static int Divide(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
