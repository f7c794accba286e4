using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Neighbouring axes of a weight over which values are of different kinds, so that one scale for every position on them serves best.</summary>
/// <param name="First">0 to rank − 1.</param>
/// <param name="Count">Number of axes.</param>
internal readonly record struct ChannelAxes(int First, int Count = 1)
{
    /// <summary>The axis that is the output channel, unit or row of what reads the constant.</summary>
    /// <param name="reader">The place that reads the constant, or arranges it for one.</param>
    /// <param name="shape">Of the constant as it is read there.</param>
    /// <returns>Null when the reader is not known to multiply by it.</returns>
    public static ChannelAxes? Of(ValueReader reader, IReadOnlyList<long> shape)
    {
        OnnxNode node = reader.Node;
        if (node.Domain.Length > 0 || shape.Count < 2)
            return null;
        return (node.OpType, reader.Input) switch
        {
            ("Conv", 1) => new ChannelAxes(0),
            // [in, out/group, …]: groups share the positions of the second axis.
            ("ConvTranspose", 1) => new ChannelAxes(node.GetInt("group", 1) == 1 ? 1 : 0),
            ("MatMul", 0) => new ChannelAxes(shape.Count - 2),
            ("MatMul", 1) => new ChannelAxes(shape.Count - 1),
            ("Gemm", 0) => new ChannelAxes(node.GetInt("transA", 0) == 0 ? 0 : 1),
            ("Gemm", 1) => new ChannelAxes(node.GetInt("transB", 0) == 0 ? 1 : 0),
            // [directions, gates · hidden, in].
            ("LSTM" or "GRU" or "RNN", 1 or 2) => new ChannelAxes(0, 2),
            // A table of embeddings: one row per word.
            ("Gather", 0) => new ChannelAxes((int)((node.GetInt("axis", 0) + shape.Count) % shape.Count)),
            ("Einsum", _) => EinsumEquation.ChannelAxisOf(node, reader.Input),
            ("Transpose" or "Slice" or "Unsqueeze", 0) or ("Concat", _) => Arranged(reader, shape),
            _ => null,
        };
    }

    /// <summary>The shape in which one scale per position of these axes multiplies the tensor.</summary>
    public long[] ScaleShape(IReadOnlyList<long> shape)
    {
        ChannelAxes axes = this;
        return [.. shape.Select((dimension, i) => i >= axes.First && i < axes.First + axes.Count ? dimension : 1)];
    }

    /// <summary>The shape with these axes as one, at <see cref="First"/>.</summary>
    public long[] MergedShape(IReadOnlyList<long> shape) =>
    [
        .. shape.Take(First),
        shape.Skip(First).Take(Count).Aggregate(1L, (product, dimension) => product * dimension),
        .. shape.Skip(First + Count),
    ];

    /// <summary>A weight that is cut, joined or transposed before it is used; all readers of the result must agree.</summary>
    private static ChannelAxes? Arranged(ValueReader reader, IReadOnlyList<long> shape)
    {
        string output = reader.Node.Outputs[0];
        if (reader.Graph.IsOutput(output) || OriginOfAxes(reader, shape.Count) is not { } origins)
            return null;
        long[] arranged = [.. origins.Select(axis => axis < 0 ? 1 : shape[axis])];
        ChannelAxes?[] wanted = [.. reader.Graph.ReadersOf(output).Select(next => Of(next, arranged)).Distinct()];
        if (wanted is not [{ } axes])
            return null;
        int[] own = [.. origins.Skip(axes.First).Take(axes.Count).Where(axis => axis >= 0)];
        return own.Length > 0 && own.Select((axis, i) => axis - i).Distinct().Count() == 1 ? new ChannelAxes(own[0], own.Length) : null;
    }

    /// <summary>By axis of the result: the axis of the weight that it comes from; −1 for one that is added.</summary>
    private static int[]? OriginOfAxes(ValueReader reader, int rank)
    {
        OnnxNode node = reader.Node;
        int[] own = [.. Enumerable.Range(0, rank)];
        switch (node.OpType)
        {
            case "Transpose":
                return node.GetInts("perm") is { } order ? [.. order.Select(axis => (int)axis)] : [.. own.Reverse()];
            case "Unsqueeze" when reader.Graph.InitializerOf(node.Input(1)) is { ElementType: OnnxElementType.Int64 } axes:
                int[] added = [.. axes.ToInt64Array().Select(axis => (int)(axis < 0 ? axis + rank + axes.Length : axis))];
                var rest = new Queue<int>(own);
                return [.. Enumerable.Range(0, rank + added.Length).Select(axis => added.Contains(axis) ? -1 : rest.Dequeue())];
            case "Slice" or "Concat":
                return own;
            default:
                return null;
        }
    }
}
