using QuantBuild.Execution;
using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>Keeps rows of one node's input. Which ones follows from the position of a batch among all batches and from the shape alone, so that parts of
/// the data can be sampled apart and put together in any order.</summary>
internal sealed class RowSampler
{
    private readonly InputWindow window;
    private readonly long batches;
    private readonly int most;
    private readonly float[] values;
    private readonly List<RowPosition> positions = [];

    /// <param name="batches">Number of batches in all.</param>
    /// <param name="most">Rows that are kept in all, at most.</param>
    public RowSampler(InputWindow window, long batches, int most)
    {
        this.window = window;
        this.batches = batches;
        this.most = most;
        values = new float[checked(most * window.RowLength)];
    }

    /// <param name="batch">0 to the number of batches − 1, ascending.</param>
    /// <param name="live">The positions of <paramref name="tensor"/>, [N, L, …], whose rows are taken, unless rows reach over several; null: all are.
    /// </param>
    public void Add(long batch, ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape, LivePositions? live = null)
    {
        long inPosition = live is null ? 0 : window.RowsInPosition(shape);
        long rows = inPosition == 0 ? window.RowCount(shape) : live!.Count * inPosition;
        long wanted = Math.Min((most * (batch + 1) / batches) - (most * batch / batches), rows);
        for (long i = 0; i < wanted; i++)
        {
            // One row out of each of so many equal parts: spread evenly, and not along a fixed column of every image.
            long first = rows * i / wanted;
            long length = (rows * (i + 1) / wanted) - first;
            long row = first + (long)(SplitMix.Mix((ulong)((batch << 32) ^ i)) % (ulong)length);
            if (inPosition > 0)
                row = (live![(int)(row / inPosition)] * inPosition) + (row % inPosition);
            window.Read(tensor, shape, row, values.AsSpan(positions.Count * window.RowLength, window.RowLength));
            positions.Add(new RowPosition(batch, row));
        }
    }

    public InputRows ToRows() => new(window.Groups, window.Columns, positions, values);
}
