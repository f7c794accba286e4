using QuantBuild.Execution;
using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>Says which rows of a node's input are looked at. That follows from the position of a batch among all batches and from the shape alone, so that parts of
/// the data can be read apart and put together in any order.</summary>
/// <param name="batches">Number of batches in all.</param>
/// <param name="most">Rows in all, at most.</param>
internal sealed class RowChooser(InputWindow window, long batches, int most)
{
    /// <param name="batch">0 to the number of batches − 1.</param>
    /// <param name="live">The positions of the tensor, [N, L, …], whose rows are taken, unless rows reach over several; null: all are.</param>
    /// <returns>Ascending.</returns>
    public long[] Choose(long batch, ReadOnlySpan<long> shape, LivePositions? live = null)
    {
        long inPosition = live is null ? 0 : window.RowsInPosition(shape);
        long rows = inPosition == 0 ? window.RowCount(shape) : live!.Count * inPosition;
        long wanted = Math.Min((most * (batch + 1) / batches) - (most * batch / batches), rows);
        var chosen = new long[wanted];
        for (long i = 0; i < wanted; i++)
        {
            // One row out of each of so many equal parts: spread evenly, and not along a fixed column of every image.
            long first = rows * i / wanted;
            long length = (rows * (i + 1) / wanted) - first;
            long row = first + (long)(SplitMix.Mix((ulong)((batch << 32) ^ i)) % (ulong)length);
            chosen[i] = inPosition > 0 ? (live![(int)(row / inPosition)] * inPosition) + (row % inPosition) : row;
        }
        return chosen;
    }
}
