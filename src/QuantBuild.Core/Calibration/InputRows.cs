using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>Some of the rows that a node multiplied with its weights while the calibration samples ran, in float.</summary>
/// <param name="Positions">By row: where it comes from; batches ascend.</param>
/// <param name="Values">[rows, <paramref name="Groups"/>, <paramref name="Columns"/>]; see <see cref="InputWindow"/>.</param>
internal sealed record InputRows(int Groups, int Columns, IReadOnlyList<RowPosition> Positions, float[] Values)
{
    public int Count => Positions.Count;

    public ReadOnlySpan<float> Row(int row, int group) => Values.AsSpan(((row * Groups) + group) * Columns, Columns);

    /// <summary>The rows of all parts, in the order of their batches.</summary>
    public static InputRows Join(IReadOnlyList<InputRows> parts)
    {
        int length = parts[0].Groups * parts[0].Columns;
        var order = parts.SelectMany(part => part.Positions.Select((position, row) => (Position: position, Row: row, Part: part)))
            .OrderBy(row => row.Position.Batch).ToArray();
        var values = new float[order.Length * length];
        for (int i = 0; i < order.Length; i++)
            order[i].Part.Values.AsSpan(order[i].Row * length, length).CopyTo(values.AsSpan(i * length));
        return new InputRows(parts[0].Groups, parts[0].Columns, [.. order.Select(row => row.Position)], values);
    }
}

/// <param name="Batch">Counts the batches that are not held out.</param>
/// <param name="Row">Among all rows of the batch, by <see cref="InputWindow.Read"/>.</param>
internal readonly record struct RowPosition(long Batch, long Row);

/// <summary>What is read, and how.</summary>
internal readonly record struct RowsKey(string Value, string Window)
{
    /// <returns>Null for a node without weights.</returns>
    public static RowsKey? Of(PlannedNode node, OnnxGraph graph) =>
        InputWindow.Of(node, graph) is { } window ? new RowsKey(node.Node.Inputs[node.ActivationInputs[0]], window.Key) : null;
}
