using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>Some of the rows that a node multiplied with its weights while the calibration samples ran, in float.</summary>
/// <param name="Batches">By row: the batch that it comes from, ascending.</param>
/// <param name="Values">[rows, <paramref name="Groups"/>, <paramref name="Columns"/>]; see <see cref="InputWindow"/>.</param>
internal sealed record InputRows(int Groups, int Columns, IReadOnlyList<long> Batches, float[] Values)
{
    public int Count => Batches.Count;

    public ReadOnlySpan<float> Row(int row, int group) => Values.AsSpan(((row * Groups) + group) * Columns, Columns);

    /// <summary>The rows of all parts, in the order of their batches.</summary>
    public static InputRows Join(IReadOnlyList<InputRows> parts)
    {
        int length = parts[0].Groups * parts[0].Columns;
        var order = parts.SelectMany(part => part.Batches.Select((batch, row) => (Batch: batch, Row: row, Part: part))).OrderBy(row => row.Batch).ToArray();
        var values = new float[order.Length * length];
        for (int i = 0; i < order.Length; i++)
            order[i].Part.Values.AsSpan(order[i].Row * length, length).CopyTo(values.AsSpan(i * length));
        return new InputRows(parts[0].Groups, parts[0].Columns, [.. order.Select(row => row.Batch)], values);
    }
}

/// <summary>What is read, and how.</summary>
internal readonly record struct RowsKey(string Value, string Window)
{
    /// <returns>Null for a node without weights.</returns>
    public static RowsKey? Of(PlannedNode node, OnnxGraph graph) =>
        InputWindow.Of(node, graph) is { } window ? new RowsKey(node.Node.Inputs[node.ActivationInputs[0]], window.Key) : null;
}
