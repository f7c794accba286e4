using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>Integer tensors picked, cut, joined and counted.</summary>
internal static class IndexRules
{
    public static IntegerTensor? Concat(IntegerTensor[] parts) =>
        Array.TrueForAll(parts, part => part.Shape.Length == 1)
            ? parts[0] with { Shape = [parts.Sum(part => part.Shape[0])], Values = [.. parts.SelectMany(part => part.Values)] }
            : null;

    /// <remarks>Along axis 0 of a vector only, which is how dimensions are picked from a shape.</remarks>
    public static IntegerTensor? Gather(OnnxNode node, IntegerTensor data, IntegerTensor indices)
    {
        if (data.Shape.Length != 1 || !indices.IsKnown || node.GetInt("axis", 0) is not (0 or -1))
            return null;
        int length = data.Values.Length;
        if (!Array.TrueForAll(indices.Known, index => index >= -length && index < length))
            return null;
        SymbolicInteger[] values = [.. indices.Known.Select(index => data.Values[index < 0 ? index + length : index])];
        return data with { Shape = indices.Shape, Values = values };
    }

    public static IntegerTensor? Slice(OnnxNode node, IntegerTensor x, StaticFacts facts)
    {
        if (facts.Integers(node, "starts", 1) is not { } starts || facts.Integers(node, "ends", 2) is not { } ends
            || starts.Length != ends.Length)
            return null;
        long[] axes = facts.Integers(node, "axes", 3) ?? [.. Enumerable.Range(0, starts.Length)];
        long[] steps = facts.Integers(node, "steps", 4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if ((node.Input(3) is not null && facts.Integers(node, "axes", 3) is null)
            || (node.Input(4) is not null && facts.Integers(node, "steps", 4) is null))
            return null;
        if (axes.Length != starts.Length || steps.Length != starts.Length)
            return null;
        if (Array.Exists(x.Shape, dimension => dimension == 0))
            return null;
        for (int i = 0; i < axes.Length; i++)
        {
            long axis = axes[i] < 0 ? axes[i] + x.Shape.Length : axes[i];
            if (axis < 0 || axis >= x.Shape.Length || steps[i] is 0 or < int.MinValue)
                return null;
            x = SliceAxis(x, (int)axis, starts[i], ends[i], steps[i]);
        }
        return x;
    }

    public static IntegerTensor? Transpose(OnnxNode node, IntegerTensor x)
    {
        int rank = x.Shape.Length;
        int[] permutation = node.GetInts("perm") is { } given
            ? [.. given.Select(axis => (int)axis)]
            : [.. Enumerable.Range(0, rank).Reverse()];
        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, rank)))
            return null;
        long[] shape = [.. permutation.Select(axis => x.Shape[axis])];
        long[] strides = Strides(x.Shape);
        return new IntegerTensor(x.ElementType, shape, Pick(x, shape, [.. permutation.Select(axis => strides[axis])], 0));
    }

    public static IntegerTensor? Expand(IntegerTensor x, IntegerTensor target)
    {
        if (!target.IsKnown || Array.Exists(target.Known, dimension => dimension is < 0 or > IntegerTensor.LongestLength))
            return null;
        long[] shape = new long[Math.Max(x.Shape.Length, target.Values.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long from = i > x.Shape.Length ? 1 : x.Shape[^i];
            long to = i > target.Values.Length ? 1 : target.Values[^i].Value;
            if (from != to && from != 1 && to != 1)
                return null;
            shape[^i] = from == 1 ? to : from;
        }
        double length = shape.Aggregate(1.0, (product, dimension) => product * dimension);
        if (length > IntegerTensor.LongestLength)
            return null;
        IEnumerable<long> sources = Enumerable.Range(0, (int)length).Select(i => ElementwiseRules.SourceIndex(i, shape, x.Shape));
        return x with { Shape = shape, Values = [.. sources.Select(source => x.Values[source])] };
    }

    public static IntegerTensor? Range(IntegerTensor[] inputs)
    {
        if (inputs.Length != 3 || Array.Exists(inputs, input => input is not { IsKnown: true, Values.Length: 1 }))
            return null;
        (long start, long limit, long step) = (inputs[0].Known[0], inputs[1].Known[0], inputs[2].Known[0]);
        if (step == 0)
            return null;
        Int128 distance = step > 0 ? (Int128)limit - start : (Int128)start - limit;
        Int128 length = distance <= 0 ? 0 : ((distance - 1) / Int128.Abs(step)) + 1;
        if (length > IntegerTensor.LongestLength)
            return null;
        SymbolicInteger[] values = [.. Enumerable.Range(0, (int)length).Select(i => (SymbolicInteger)(start + (i * step)))];
        return new IntegerTensor(inputs[0].ElementType, [values.Length], values);
    }

    private static IntegerTensor SliceAxis(IntegerTensor x, int axis, long start, long end, long step)
    {
        long dimension = x.Shape[axis];
        // Backwards the first position is the last element, and the one before the first element is where it ends at the latest.
        long lowest = step < 0 ? -1 : 0;
        start = Math.Clamp(start < 0 ? start + dimension : start, 0, dimension + lowest);
        end = Math.Clamp(end < 0 ? end + dimension : end, lowest, dimension + lowest);
        long[] shape = [.. x.Shape];
        long distance = step < 0 ? start - end : end - start;
        shape[axis] = distance > 0 ? ((distance - 1) / Math.Abs(step)) + 1 : 0;
        long[] strides = Strides(x.Shape);
        long offset = start * strides[axis];
        strides[axis] *= step;
        return x with { Shape = shape, Values = Pick(x, shape, strides, offset) };
    }

    private static SymbolicInteger[] Pick(IntegerTensor x, long[] shape, long[] strides, long offset)
    {
        var values = new SymbolicInteger[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (long i = 0; i < values.Length; i++)
        {
            long source = offset;
            long rest = i;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                source += rest % shape[axis] * strides[axis];
                rest /= shape[axis];
            }
            values[i] = x.Values[source];
        }
        return values;
    }

    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        long step = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }
}
