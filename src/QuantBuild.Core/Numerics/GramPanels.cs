using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>A row-major matrix of int16 somewhere in memory.</summary>
/// <param name="Start">Of the first row.</param>
/// <param name="Stride">Elements from one row to the next.</param>
internal readonly unsafe record struct ShortMatrix(nint Start, int Rows, int Columns, int Stride)
{
    public short* Row(int row) => (short*)Start + ((nint)row * Stride);
}

/// <summary>Puts a block of rows in the order in which tiles of a product read it: panels of some columns; in a panel one pair of rows after
/// the other; of a pair of rows the two numbers of each column side by side, as instructions that add adjacent products want them. Rows
/// and columns that are missing are zero.</summary>
internal static unsafe class GramPanels
{
    /// <summary>Columns that are moved at once; panels are multiples of it.</summary>
    private const int Step = 4;

    /// <param name="pairs">Pairs of rows, from <paramref name="firstRow"/> on; the last row may lie beyond the matrix.</param>
    /// <param name="width">Columns of one panel.</param>
    /// <param name="destination">[⌈columns / width⌉, pairs, width] pairs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ShortMatrix source, int firstRow, int pairs, int width, Span<int> destination)
    {
        bool isLastAlone = firstRow + (2 * pairs) > source.Rows;
        int wholePairs = isLastAlone ? pairs - 1 : pairs;
        fixed (int* start = destination)
        {
            int* to = start;
            for (int panel = 0; panel < source.Columns; panel += width)
            {
                int columns = Math.Min(width, source.Columns - panel);
                short* row = source.Row(firstRow) + panel;
                for (int pair = 0; pair < wholePairs; pair++)
                {
                    Interleave(row, row + source.Stride, columns, width, to);
                    row += 2 * source.Stride;
                    to += width;
                }

                if (isLastAlone)
                {
                    PadRow(row, columns, width, to);
                    to += width;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(short* first, short* second, int columns, int width, int* destination)
    {
        int column = 0;
        for (; column <= columns - Step; column += Step)
            (Widen(first + column) | (Widen(second + column) << 16)).AsInt32().Store(destination + column);
        for (; column < columns; column++)
            destination[column] = (ushort)first[column] | (second[column] << 16);
        for (; column < width; column++)
            destination[column] = 0;
    }

    private static void PadRow(short* row, int columns, int width, int* destination)
    {
        for (int column = 0; column < width; column++)
            destination[column] = column < columns ? (ushort)row[column] : 0;
    }

    private static Vector128<uint> Widen(short* source) =>
        Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16());
}
