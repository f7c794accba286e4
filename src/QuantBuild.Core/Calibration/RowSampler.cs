using QuantBuild.Execution;

namespace QuantBuild.Calibration;

/// <summary>Keeps rows of one node's input, those that a <see cref="RowChooser"/> names.</summary>
internal sealed class RowSampler
{
    private readonly InputWindow window;
    private readonly RowChooser chooser;
    private readonly float[] values;
    private readonly List<RowPosition> positions = [];

    /// <param name="batches">Number of batches in all.</param>
    /// <param name="most">Rows that are kept in all, at most.</param>
    public RowSampler(InputWindow window, long batches, int most)
    {
        this.window = window;
        chooser = new RowChooser(window, batches, most);
        values = new float[checked(most * window.RowLength)];
    }

    /// <param name="batch">0 to the number of batches − 1, ascending.</param>
    /// <param name="live">As for <see cref="RowChooser.Choose"/>.</param>
    public void Add(long batch, ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape, LivePositions? live = null)
    {
        foreach (long row in chooser.Choose(batch, shape, live))
        {
            window.Read(tensor, shape, row, values.AsSpan(positions.Count * window.RowLength, window.RowLength));
            positions.Add(new RowPosition(batch, row));
        }
    }

    public InputRows ToRows() => new(window.Groups, window.Columns, positions, values);
}
