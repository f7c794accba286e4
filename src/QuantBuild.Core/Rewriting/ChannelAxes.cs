using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Neighbouring axes of a weight over which values are of different kinds, so that one scale for every position on them serves best.</summary>
/// <param name="First">0 to rank − 1.</param>
/// <param name="Count">Number of axes.</param>
internal readonly record struct ChannelAxes(int First, int Count = 1)
{
    /// <summary>The axis that is the output channel, unit or row of what reads the constant.</summary>
    /// <param name="reader">The place that reads the constant, or a transposed form of it.</param>
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
            ("Transpose", 0) => Transposed(reader, shape),
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

    /// <summary>All readers of the transposed weight must agree.</summary>
    private static ChannelAxes? Transposed(ValueReader reader, IReadOnlyList<long> shape)
    {
        string output = reader.Node.Outputs[0];
        if (reader.Graph.IsOutput(output))
            return null;
        long[] order = [.. reader.Node.GetInts("perm") ?? [.. Enumerable.Range(0, shape.Count).Reverse().Select(axis => (long)axis)]];
        long[] transposed = [.. order.Select(axis => shape[(int)axis])];
        ChannelAxes?[] wanted = [.. GraphScope.ReadersOf(reader.Graph, output).Select(next => Of(next, transposed)).Distinct()];
        return wanted is [{ Count: 1 } axes] ? new ChannelAxes((int)order[axes.First]) : null;
    }
}
