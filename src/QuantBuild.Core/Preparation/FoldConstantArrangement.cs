using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// A constant that is cut, joined, transposed or given another shape → the result. Exporters bring the gates of recurrent weights into order this way.
/// <code>
/// Unsqueeze(Concat(Slice(w, 0, 128), Slice(w, 384, 512), Slice(w, 128, 384)), 0)  →  w'
/// </code>
/// Exact. A constant that something else reads too stays as it is, because the file would hold it twice.
/// </summary>
internal sealed class FoldConstantArrangement : IGraphPass
{
    public void Run(PassContext context)
    {
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            if (!IsArrangement(node) || context.Graph.IsOutput(node.Outputs[0]) || Sources(node).Any(source => !IsOnlyArranged(source, context.Graph))
                || Arranged(node, context.Graph, [.. Sources(node).Select(source => context.Graph.InitializerOf(source)!)]) is not { } result)
                continue;
            context.Editor.ReplaceByInitializer(node, result);
            context.CountApplied();
        }
    }

    private static bool IsArrangement(OnnxNode node) =>
        node.Domain.Length == 0 && node.OpType is "Concat" or "Slice" or "Transpose" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten";

    private static IEnumerable<string> Sources(OnnxNode node) => node.Is("Concat") ? node.Inputs : node.Inputs.Take(1);

    private static bool IsOnlyArranged(string value, OnnxGraph graph) =>
        graph.InitializerOf(value) is { ElementType: OnnxElementType.Float }
        && graph.OwnerOf(value)!.ReadersOf(value).All(reader => reader.Graph == graph && IsArrangement(reader.Node));

    /// <returns>Null when the arrangement is not known.</returns>
    private static OnnxTensor? Arranged(OnnxNode node, OnnxGraph graph, IReadOnlyList<OnnxTensor> sources)
    {
        OnnxTensor source = sources[0];
        switch (node.OpType)
        {
            case "Concat":
                return TensorArrangement.Concat(sources, Axis(node.GetInt("axis", 0), source.Rank));
            case "Transpose":
                return TensorArrangement.Transpose(source, node.GetInts("perm") ?? [.. Enumerable.Range(0, source.Rank).Reverse().Select(axis => (long)axis)]);
            case "Slice":
                if (Integers(node, 1, graph) is not { } starts || Integers(node, 2, graph) is not { } ends)
                    return null;
                long[]? axes = node.Input(3) is null ? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)] : Integers(node, 3, graph);
                long[]? steps = node.Input(4) is null ? [.. starts.Select(_ => 1L)] : Integers(node, 4, graph);
                return axes is null || steps is null || steps.Any(step => step < 1) ? null
                    : TensorArrangement.Slice(source, starts, ends, [.. axes.Select(axis => (long)Axis(axis, source.Rank))], steps);
            case "Unsqueeze" when Integers(node, 1, graph) is { } added:
                return Unsqueezed(source, [.. added.Select(axis => Axis(axis, source.Rank + added.Length))]);
            case "Squeeze" when Integers(node, 1, graph) is { } removed:
                int[] gone = [.. removed.Select(axis => Axis(axis, source.Rank))];
                return source.Reshape([.. source.Shape.Where((_, axis) => !gone.Contains(axis))]);
            case "Reshape" when node.GetInt("allowzero", 0) == 0 && Integers(node, 1, graph) is { } target && source.Length > 0:
                long[] shape = [.. target.Select((dimension, axis) => dimension == 0 ? source.Shape[axis] : dimension)];
                long known = shape.Where(dimension => dimension > 0).Aggregate(1L, (product, dimension) => product * dimension);
                return source.Reshape([.. shape.Select(dimension => dimension < 0 ? source.Length / known : dimension)]);
            case "Flatten":
                long rows = source.Shape.Take(Axis(node.GetInt("axis", 1), source.Rank)).Aggregate(1L, (product, dimension) => product * dimension);
                return rows == 0 ? null : source.Reshape(rows, source.Length / rows);
            default:
                return null;
        }
    }

    private static OnnxTensor Unsqueezed(OnnxTensor source, int[] added)
    {
        var rest = new Queue<long>(source.Shape);
        return source.Reshape([.. Enumerable.Range(0, source.Rank + added.Length).Select(axis => added.Contains(axis) ? 1 : rest.Dequeue())]);
    }

    private static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);

    private static long[]? Integers(OnnxNode node, int input, OnnxGraph graph) =>
        graph.InitializerOf(node.Input(input)) is { ElementType: OnnxElementType.Int64 or OnnxElementType.Int32 } tensor ? tensor.ToInt64Array() : null;
}
