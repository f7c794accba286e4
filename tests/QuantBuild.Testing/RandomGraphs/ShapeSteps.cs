using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Operators that move, cut, join and reduce.</summary>
internal static class ShapeSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } =
    [
        (5, "Reshape", Reshape), (5, "Transpose", Transpose), (3, "Unsqueeze", Unsqueeze), (3, "Squeeze", Squeeze), (3, "Flatten", Flatten),
        (5, "Slice", Slice), (5, "Split", Split), (6, "Concat", Concat), (3, "Pad", Pad), (2, "Expand", Expand), (2, "Tile", Tile),
        (3, "Gather", Gather), (4, "Reduce", ReduceStep), (2, "TopK", TopK), (1, "CumSum", CumSum), (1, "DepthToSpace", DepthToSpace),
    ];

    /// <summary>A reduction in the form of the opset: axes as an attribute or as an input.</summary>
    public static string Reduce(GraphGrower g, string opType, string x, long[] axes, bool keeps)
    {
        bool asInput = g.Opset >= 18 || (opType == "ReduceSum" && g.Opset >= 13);
        return asInput
            ? g.Node(opType, $"{x} {g.Int64s(axes)}", ("keepdims", keeps ? 1 : 0))
            : g.Node(opType, x, ("axes", axes), ("keepdims", keeps ? 1 : 0));
    }

    private static bool Reshape(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > 0) is not { } x)
            return false;
        long rest = x.Shape[x.FirstAxis..].Aggregate(1L, (a, b) => a * b);
        List<long> shape = [];
        for (int i = g.Random.Next(4); i > 0; i--)
        {
            shape.Add(g.DivisorOf(rest));
            rest /= shape[^1];
        }
        shape.Add(rest);
        List<long> target = [.. shape];
        if (g.Random.Next(2) == 0)
            target[g.Random.Next(target.Count)] = -1;
        if (x.HasBatch)
            target.Insert(0, target.Contains(-1) ? 0 : g.Random.Next(2) == 0 ? -1 : 0);
        else if (target[0] == x.Shape[0] && g.Random.Next(2) == 0)
            target[0] = 0;
        g.Grow("Reshape", $"{x.Name} {g.Int64s([.. target])}", x.HasBatch ? [GrownValue.Batch, .. shape] : [.. shape], x.Size);
        return true;
    }

    private static bool Transpose(GraphGrower g)
    {
        if (g.Pick(value => value.Rank - value.FirstAxis >= 2) is not { } x)
            return false;
        int[] moved = [.. Enumerable.Range(x.FirstAxis, x.Rank - x.FirstAxis)];
        g.Random.Shuffle(moved);
        // The runtime takes a Transpose before Gemm for one that turns the matrix, even when it does not.
        if (moved.SequenceEqual(moved.Order()))
            Array.Reverse(moved);
        int[] order = x.HasBatch ? [0, .. moved] : moved;
        g.Grow("Transpose", x.Name, [.. order.Select(axis => x.Shape[axis])], x.Size, ("perm", order));
        return true;
    }

    private static bool Unsqueeze(GraphGrower g)
    {
        if (g.Pick(value => value.Rank < 5) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank + 1);
        long[] shape = [.. x.Shape[..axis], 1, .. x.Shape[axis..]];
        if (g.Opset < 13)
            g.Grow("Unsqueeze", x.Name, shape, x.Size, ("axes", new long[] { g.Opset < 11 ? axis : g.Axis(axis, x.Rank + 1) }));
        else
            g.Grow("Unsqueeze", $"{x.Name} {g.Int64s(g.Axis(axis, x.Rank + 1))}", shape, x.Size);
        return true;
    }

    private static bool Squeeze(GraphGrower g)
    {
        if (g.Pick(value => value.Shape.Contains(1)) is not { } x)
            return false;
        int[] ones = [.. Enumerable.Range(0, x.Rank).Where(axis => x.Shape[axis] == 1)];
        int taken = ones[g.Random.Next(ones.Length)];
        long[] shape = [.. x.Shape.Where((_, axis) => axis != taken)];
        if (ones.Length == 1 && !x.HasBatch && g.Random.Next(2) == 0)
            g.Grow("Squeeze", x.Name, shape, x.Size);
        else if (g.Opset < 13)
            g.Grow("Squeeze", x.Name, shape, x.Size, ("axes", new long[] { g.Opset < 11 ? taken : g.Axis(taken, x.Rank) }));
        else
            g.Grow("Squeeze", $"{x.Name} {g.Int64s(g.Axis(taken, x.Rank))}", shape, x.Size);
        return true;
    }

    private static bool Flatten(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > 0) is not { } x)
            return false;
        int axis = x.HasBatch ? 1 : g.Random.Next(x.Rank + 1);
        long[] shape = [x.Shape[..axis].Aggregate(1L, (a, b) => a * b), x.Shape[axis..].Aggregate(1L, (a, b) => a * b)];
        g.Grow("Flatten", x.Name, shape, x.Size, ("axis", axis));
        return true;
    }

    private static bool Slice(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        long length = x.Shape[axis];
        long start = g.Random.Next((int)length);
        long kept = g.Random.Next(1, (int)(length - start) + 1);
        long end = start + kept == length ? (g.Random.Next(2) == 0 ? length : long.MaxValue) : start + kept;
        long first = g.Random.Next(2) == 0 ? start : start - length;
        long step = 1;
        if (g.Opset >= 10 && g.Random.Next(4) == 0)
            // Backwards: all of them.
            (first, end, step, kept) = (-1, long.MinValue + 1, -1, length);
        long[] shape = [.. x.Shape];
        shape[axis] = kept;
        if (g.Opset < 10)
            g.Grow("Slice", x.Name, shape, x.Size, ("starts", new[] { first }), ("ends", new[] { end }), ("axes", new long[] { axis }));
        else
            g.Grow(
                "Slice",
                $"{x.Name} {g.Int64s(first)} {g.Int64s(end)} {g.Int64s(g.Axis(axis, x.Rank))}" + (step == 1 ? "" : " " + g.Int64s(step)),
                shape,
                x.Size);
        return true;
    }

    private static bool Split(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis && value.Shape[value.FirstAxis..].Any(dimension => dimension > 1)) is not { } x)
            return false;
        int[] axes = [.. Enumerable.Range(x.FirstAxis, x.Rank - x.FirstAxis).Where(axis => x.Shape[axis] > 1)];
        int axis = axes[g.Random.Next(axes.Length)];
        long first = g.Random.Next(1, (int)x.Shape[axis]);
        long[] sizes = x.Shape[axis] % 2 == 0 && g.Random.Next(2) == 0
            ? [x.Shape[axis] / 2, x.Shape[axis] / 2]
            : [first, x.Shape[axis] - first];
        bool equal = sizes[0] == sizes[1] && g.Random.Next(2) == 0;
        string inputs = equal || g.Opset < 13 ? x.Name : $"{x.Name} {g.Int64s(sizes)}";
        List<(string, object)> attributes = [("axis", axis)];
        if (!equal && g.Opset < 13)
            attributes.Add(("split", sizes));
        if (equal && g.Opset >= 18)
            attributes.Add(("num_outputs", 2));
        string[] parts = g.Nodes(2, "Split", inputs, [.. attributes]);
        for (int i = 0; i < 2; i++)
            g.Add(parts[i], [.. x.Shape.Select((dimension, at) => at == axis ? sizes[i] : dimension)], x.Size);
        return true;
    }

    private static bool Concat(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        GrownValue[] parts = [x, .. Enumerable.Range(0, g.Random.Next(1, 3)).Select(_ => g.Pick(other => Fits(other))!)];
        if (g.Random.Next(2) == 0)
            Array.Reverse(parts);
        long[] shape = [.. x.Shape.Select((dimension, at) => at == axis ? parts.Sum(part => part.Shape[axis]) : dimension)];
        g.Grow("Concat", string.Join(' ', parts.Select(part => part.Name)), shape, parts.Max(part => part.Size), ("axis", g.Axis(axis, x.Rank)));
        return true;

        bool Fits(GrownValue other) => other.Rank == x.Rank && Enumerable.Range(0, x.Rank).All(at => at == axis || other.Shape[at] == x.Shape[at]);
    }

    private static bool Pad(GraphGrower g)
    {
        if (g.Pick(value => value.Rank is 3 or 4) is not { } x)
            return false;
        string mode = new[] { "constant", "constant", "edge", "reflect" }[g.Random.Next(4)];
        long[] pads = new long[2 * x.Rank];
        long[] shape = [.. x.Shape];
        for (int axis = mode == "constant" ? 1 : 2; axis < x.Rank; axis++)
        {
            long most = mode == "reflect" ? Math.Min(2, x.Shape[axis] - 1) : 2;
            pads[axis] = g.Random.Next((int)most + 1);
            pads[axis + x.Rank] = mode == "constant" && x.Shape[axis] > 2 && g.Random.Next(4) == 0 ? -1 : g.Random.Next((int)most + 1);
            shape[axis] += pads[axis] + pads[axis + x.Rank];
        }
        float value = g.Random.Next(2) == 0 ? 0 : 0.5f;
        if (g.Opset < 11)
            g.Grow("Pad", x.Name, shape, x.Size, ("mode", mode), ("pads", pads), ("value", value));
        else
            g.Grow("Pad", $"{x.Name} {g.Int64s(pads)}" + (value == 0 ? "" : " " + g.Scalar(value)), shape, x.Size, ("mode", mode));
        return true;
    }

    private static bool Expand(GraphGrower g)
    {
        if (g.Pick(value => value.Shape.Contains(1) && value.Length < 500) is not { } x)
            return false;
        int axis = Array.IndexOf(x.Shape, 1);
        long[] target = [.. x.Shape.Select((dimension, at) => at == axis ? g.Random.Next(2, 5) : dimension == GrownValue.Batch ? 1 : dimension)];
        g.Grow("Expand", $"{x.Name} {g.Int64s(target)}", [.. x.Shape.Select((dimension, at) => at == axis ? target[at] : dimension)], x.Size);
        return true;
    }

    private static bool Tile(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis && value.Length < 800) is not { } x)
            return false;
        long[] repeats = [.. x.Shape.Select((_, axis) => axis < x.FirstAxis ? 1L : g.Random.Next(1, 3))];
        g.Grow("Tile", $"{x.Name} {g.Int64s(repeats)}", [.. x.Shape.Select((dimension, axis) => dimension * repeats[axis])], x.Size);
        return true;
    }

    private static bool Gather(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        int length = (int)x.Shape[axis];
        if (g.Random.Next(2) == 0)
        {
            long index = g.Opset >= 11 && g.Random.Next(2) == 0 ? -1 : g.Random.Next(length);
            g.Grow("Gather", $"{x.Name} {g.Int64(index)}", [.. x.Shape[..axis], .. x.Shape[(axis + 1)..]], x.Size, ("axis", axis));
            return true;
        }
        long[] indices = [.. Enumerable.Range(0, g.Random.Next(1, 5)).Select(_ => (long)g.Random.Next(length))];
        long[] shape = [.. x.Shape[..axis], indices.Length, .. x.Shape[(axis + 1)..]];
        g.Grow("Gather", $"{x.Name} {g.Int64s(indices)}", shape, x.Size, ("axis", axis));
        return true;
    }

    private static bool ReduceStep(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        bool keeps = g.Random.Next(2) == 0;
        string opType = new[] { "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceLogSumExp" }[g.Random.Next(6)];
        long[] shape = keeps ? [.. x.Shape.Select((dimension, at) => at == axis ? 1 : dimension)] : [.. x.Shape.Where((_, at) => at != axis)];
        double size = opType is "ReduceSum" or "ReduceL2" ? x.Size * Math.Sqrt(x.Shape[axis]) : x.Size;
        long given = g.Opset < 11 ? axis : g.Axis(axis, x.Rank);
        g.Add(Reduce(g, opType, x.Name, [given], keeps), shape, size);
        return true;
    }

    private static bool TopK(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        long count = g.Random.Next(1, (int)x.Shape[axis] + 1);
        string[] found = g.Opset < 10
            ? g.Nodes(2, "TopK", x.Name, ("k", count), ("axis", axis))
            : g.Nodes(2, "TopK", $"{x.Name} {g.Int64s(count)}", ("axis", axis));
        g.Add(found[0], [.. x.Shape.Select((dimension, at) => at == axis ? count : dimension)], x.Size);
        if (g.Random.Next(3) == 0)
            g.OutputInteger(found[1]);
        return true;
    }

    private static bool CumSum(GraphGrower g)
    {
        if (g.Opset < 11 || g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        g.Grow("CumSum", $"{x.Name} {g.Int64(axis)}", x.Shape, x.Size * Math.Sqrt(x.Shape[axis]));
        return true;
    }

    private static bool DepthToSpace(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 4 && value.Shape[1] % 4 == 0) is not { } x)
            return false;
        g.Grow("DepthToSpace", x.Name, [x.Shape[0], x.Shape[1] / 4, x.Shape[2] * 2, x.Shape[3] * 2], x.Size, ("blocksize", 2));
        return true;
    }
}
