using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>Shapes behind operators that move, cut, join, add or remove axes.</summary>
internal static class AxisShapes
{
    public static SymbolicInteger[] SameRank(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        SymbolicInteger[] result = facts.NewShape(x.Length);
        if (node.Is("ConvTranspose") && x.Length > 2 && facts.ShapeOf(node.Input(1)) is { } weight && weight.Length == x.Length)
        {
            result[0] = x[0];
            if (weight[1].IsKnown)
                result[1] = weight[1].Value * node.GetInt("group", 1);
        }
        return result;
    }

    public static SymbolicInteger[] Pad(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        if (node.Input(3) is not null || facts.Integers(node, "pads", 1) is not { } pads || pads.Length != 2 * x.Length)
            return facts.NewShape(x.Length);
        SymbolicInteger[] result = [.. x];
        for (int i = 0; i < result.Length; i++)
            if (pads[i] + pads[i + x.Length] is var added && added != 0)
                result[i] = x[i].IsKnown ? x[i].Value + added : facts.NewDimension();
        return result;
    }

    public static SymbolicInteger[] Slice(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        long? count = node.GetInts("starts") is { } starts ? starts.Count
            : facts.ShapeOf(node.Input(1)) is [{ IsKnown: true } length] ? length.Value
            : null;
        bool named = node.HasAttribute("axes") || node.Input(3) is not null;
        if (count is null || (named && facts.Integers(node, "axes", 3) is null))
            return facts.NewShape(x.Length);
        SymbolicInteger[] result = [.. x];
        foreach (long axis in facts.Integers(node, "axes", 3) ?? [.. Enumerable.Range(0, (int)Math.Min(count.Value, x.Length))])
            if (Wrap(axis, x.Length) is var sliced && sliced < x.Length)
                result[sliced] = facts.NewDimension();
        return result;
    }

    public static SymbolicInteger[] Flatten(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        int axis = (int)Wrap(node.GetInt("axis", 1), x.Length);
        return [Product(x[..axis], facts), Product(x[axis..], facts)];
    }

    /// <remarks>0 copies the dimension at the same place, −1 is what is left of the elements: symbols on both sides cancel.</remarks>
    public static SymbolicInteger[]? Reshape(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        if (facts.ValueOf(node.Input(1)) is not { } target)
            return facts.ShapeOf(node.Input(1)) is [{ IsKnown: true, Value: <= 64 } rank] ? facts.NewShape((int)rank.Value) : null;
        bool zeroCopies = node.GetInt("allowzero", 0) == 0;
        SymbolicInteger[] result = [.. target.Values];
        for (int i = 0; i < result.Length; i++)
            if (result[i].Is(0) && zeroCopies)
                result[i] = i < x.Length ? x[i] : facts.NewDimension();
        int free = Array.FindIndex(result, dimension => dimension.Is(-1));
        if (free >= 0)
            result[free] = Quotient(x, [.. result.Where((_, i) => i != free)]) ?? facts.NewDimension();
        return result;
    }

    public static SymbolicInteger[]? Transpose(OnnxNode node, SymbolicInteger[] x)
    {
        if (node.GetInts("perm") is not { } permutation)
            return [.. x.Reverse()];
        return permutation.Count == x.Length && permutation.All(axis => axis >= 0 && axis < x.Length)
            ? [.. permutation.Select(axis => x[axis])]
            : null;
    }

    public static SymbolicInteger[]? Squeeze(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        if (facts.Integers(node, "axes", 1) is not { } axes)
            return null;
        HashSet<long> removed = [.. axes.Select(axis => Wrap(axis, x.Length))];
        return [.. x.Where((_, i) => !removed.Contains(i))];
    }

    public static SymbolicInteger[]? Unsqueeze(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        if (facts.Integers(node, "axes", 1) is not { } axes)
            return null;
        int rank = x.Length + axes.Length;
        List<SymbolicInteger> result = [.. x];
        foreach (long axis in axes.Select(axis => Wrap(axis, rank)).Order())
        {
            if (axis > result.Count)
                return null;
            result.Insert((int)axis, 1);
        }
        return [.. result];
    }

    public static SymbolicInteger[]? Concat(OnnxNode node, StaticFacts facts)
    {
        SymbolicInteger[]?[] parts = [.. node.Inputs.Select(facts.ShapeOf)];
        if (parts[0] is not { } first || Array.Exists(parts, part => part?.Length != first.Length))
            return null;
        long axis = Wrap(node.GetInt("axis", 1), first.Length);
        if (axis == first.Length)
            return null;
        SymbolicInteger[] result = [.. first];
        for (int i = 0; i < result.Length; i++)
            foreach (SymbolicInteger[]? part in parts[1..])
                if (i != axis)
                    result[i] = result[i].IsKnown ? result[i] : part![i];
                else
                    result[i] = result[i].IsKnown && part![i].IsKnown ? result[i].Value + part[i].Value : facts.NewDimension();
        return result;
    }

    public static SymbolicInteger[]? Gather(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        int axis = (int)Wrap(node.GetInt("axis", 0), x.Length);
        return axis < x.Length && facts.ShapeOf(node.Input(1)) is { } indices ? [.. x[..axis], .. indices, .. x[(axis + 1)..]] : null;
    }

    public static SymbolicInteger[][] Split(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        long axis = Wrap(node.GetInt("axis", 0), x.Length);
        if (axis == x.Length)
            return [];
        long[]? sizes = facts.Integers(node, "split", 1);
        var outputs = new SymbolicInteger[node.Outputs.Count][];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = [.. x];
            outputs[i][axis] = sizes?.Length == outputs.Length ? sizes[i] : facts.NewDimension();
        }
        return outputs;
    }

    public static SymbolicInteger[]? Reduce(OnnxNode node, SymbolicInteger[] x, StaticFacts facts)
    {
        long[]? axes = facts.Integers(node, "axes", 1);
        bool keep = node.GetInt("keepdims", 1) != 0;
        if (axes is null && (node.Input(1) is not null || node.GetInt("noop_with_empty_axes", 0) != 0))
            return keep ? facts.NewShape(x.Length) : null;
        HashSet<long> reduced = axes is null or [] ? [.. Enumerable.Range(0, x.Length)] : [.. axes.Select(axis => Wrap(axis, x.Length))];
        return keep
            ? [.. x.Select((dimension, i) => reduced.Contains(i) ? 1 : dimension)]
            : [.. x.Where((_, i) => !reduced.Contains(i))];
    }

    /// <summary>The axis counted from the front; <paramref name="rank"/> itself only where that is allowed or the model is wrong.</summary>
    private static long Wrap(long axis, int rank) => Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);

    private static SymbolicInteger Product(SymbolicInteger[] dimensions, StaticFacts facts) =>
        Quotient(dimensions, [])
        ?? (dimensions.Where(dimension => !dimension.Is(1)).ToArray() is [var single] ? single : facts.NewDimension());

    /// <summary>∏ numerator / ∏ denominator, when all that does not cancel is known.</summary>
    private static SymbolicInteger? Quotient(SymbolicInteger[] numerator, SymbolicInteger[] denominator)
    {
        List<SymbolicInteger> rest = [.. denominator];
        long above = 1;
        foreach (SymbolicInteger factor in numerator)
            if (!factor.IsKnown)
            {
                if (!rest.Remove(factor))
                    return null;
            }
            else
            {
                above *= factor.Value;
            }
        if (rest.Exists(factor => !factor.IsKnown))
            return null;
        long below = rest.Aggregate(1L, (product, factor) => product * factor.Value);
        return below != 0 && above % below == 0 ? above / below : null;
    }
}
