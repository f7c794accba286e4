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
    public static void Pack(ShortMatrix source, int firstRow, int pairs, int width, Span<int> destination)
    {
        short* zeros = stackalloc short[Step];
        Unsafe.InitBlock(zeros, 0, Step * sizeof(short));
        int position = 0;
        for (int panel = 0; panel < source.Columns; panel += width)
        {
            int columns = Math.Min(width, source.Columns - panel);
            for (int pair = 0; pair < pairs; pair++, position += width)
            {
                int row = firstRow + (2 * pair);
                bool isLast = row + 1 == source.Rows;
                Interleave(source.Row(row) + panel, isLast ? zeros : source.Row(row + 1) + panel, isLast ? 0 : 1, columns, destination.Slice(position, width));
            }
        }
    }

    /// <param name="secondStep">0 when the second row is zero everywhere.</param>
    private static void Interleave(short* first, short* second, int secondStep, int columns, Span<int> destination)
    {
        int column = 0;
        for (; column <= columns - Step; column += Step)
            (Widen(first + column) | (Widen(second + (column * secondStep)) << 16)).AsInt32().CopyTo(destination[column..]);
        for (; column < columns; column++)
            destination[column] = (ushort)first[column] | (second[column * secondStep] << 16);
        destination[column..].Clear();
    }

    private static Vector128<uint> Widen(short* source) =>
        Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16());
}
