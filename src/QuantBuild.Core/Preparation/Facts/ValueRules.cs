using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>The value of a node whose inputs are known, for the operators that shape arithmetic is made of.</summary>
internal static class ValueRules
{
    /// <returns>Null when the value is not a small tensor of integers, or nothing is known of it.</returns>
    public static IntegerTensor? Apply(OnnxNode node, StaticFacts facts)
    {
        if (node.Inputs.Count == 0 || node.Outputs is not [{ Length: > 0 }])
            return null;
        if (node.Is("Shape"))
            return Shape(node, facts);
        if (node.Is("Size"))
            return Size(node, facts);
        var inputs = new IntegerTensor[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
            if (node.Inputs[i].Length > 0)
            {
                if (facts.ValueOf(node.Inputs[i]) is not { } value)
                    return null;
                inputs[i] = value;
            }
        if (inputs[0] is null)
            return null;
        IntegerTensor? result = node.OpType switch
        {
            "Identity" => inputs[0],
            "Cast" => Cast(node, inputs[0]),
            "Concat" when !inputs.Contains(null!) => IndexRules.Concat(inputs),
            "Gather" when inputs.Length == 2 => IndexRules.Gather(node, inputs[0], inputs[1]),
            "Slice" => IndexRules.Slice(node, inputs[0], facts),
            "Squeeze" or "Unsqueeze" or "Reshape" => Reshape(node, inputs[0], facts),
            "Transpose" => IndexRules.Transpose(node, inputs[0]),
            "Expand" when inputs.Length == 2 => IndexRules.Expand(inputs[0], inputs[1]),
            "Range" => IndexRules.Range(inputs),
            "ConstantOfShape" => ConstantOfShape(node, inputs[0]),
            "ReduceProd" => ReduceProduct(node, inputs[0], facts),
            _ => ElementwiseRules.Apply(node.OpType, inputs, facts),
        };
        return result is { Values.Length: <= IntegerTensor.LongestLength } ? result : null;
    }

    private static IntegerTensor? Shape(OnnxNode node, StaticFacts facts)
    {
        if (facts.ShapeOf(node.Inputs[0]) is not { } shape)
            return null;
        // From opset 15 on a part of the shape can be asked for.
        int start = ClampAxis(node.GetInt("start", 0), shape.Length);
        int end = ClampAxis(node.GetInt("end", shape.Length), shape.Length);
        return IntegerTensor.Vector(start < end ? shape[start..end] : []);
    }

    private static IntegerTensor? Size(OnnxNode node, StaticFacts facts) =>
        facts.ShapeOf(node.Inputs[0]) is { } shape && Array.TrueForAll(shape, dimension => dimension.IsKnown)
            ? new IntegerTensor(OnnxElementType.Int64, [], [shape.Aggregate(1L, (product, dimension) => product * dimension.Value)])
            : null;

    private static IntegerTensor? Cast(OnnxNode node, IntegerTensor x) => (OnnxElementType)node.GetInt("to", 0) switch
    {
        OnnxElementType.Int64 => x with { ElementType = OnnxElementType.Int64 },
        OnnxElementType.Int32 when Array.TrueForAll(x.Values, value => !value.IsKnown || value.Value == (int)value.Value) =>
            x with { ElementType = OnnxElementType.Int32 },
        OnnxElementType.Bool when x.IsKnown =>
            x with { ElementType = OnnxElementType.Bool, Values = [.. x.Known.Select(value => value != 0 ? 1L : 0L)] },
        _ => null,
    };

    private static IntegerTensor? Reshape(OnnxNode node, IntegerTensor x, StaticFacts facts)
    {
        IReadOnlyList<SymbolicInteger[]?> shapes = ShapeRules.Apply(node, facts);
        if (shapes is not [{ } shape] || !Array.TrueForAll(shape, dimension => dimension.IsKnown))
            return node.Is("Squeeze") && node.GetInts("axes") is null && node.Input(1) is null
                ? x with { Shape = [.. x.Shape.Where(dimension => dimension != 1)] }
                : null;
        long[] known = [.. shape.Select(dimension => dimension.Value)];
        return known.Aggregate(1L, (product, dimension) => product * dimension) == x.Values.Length ? x with { Shape = known } : null;
    }

    private static IntegerTensor? ConstantOfShape(OnnxNode node, IntegerTensor shape)
    {
        if (!shape.IsKnown || Array.Exists(shape.Known, dimension => dimension is < 0 or > IntegerTensor.LongestLength))
            return null;
        // Without a value the result is float32 zeros.
        if (!node.HasAttribute("value") || IntegerTensor.From(node.GetTensor("value")) is not { Values: [var value] } constant)
            return null;
        double length = shape.Known.Aggregate(1.0, (product, dimension) => product * dimension);
        return length > IntegerTensor.LongestLength
            ? null
            : constant with { Shape = shape.Known, Values = [.. Enumerable.Repeat(value, (int)length)] };
    }

    private static IntegerTensor? ReduceProduct(OnnxNode node, IntegerTensor x, StaticFacts facts)
    {
        if (!x.IsKnown || x.Shape.Length != 1 || node.Input(1) is not null && facts.Integers(node, "axes", 1) is null)
            return null;
        long product = x.Known.Aggregate(1L, (left, right) => unchecked(left * right));
        return x.ElementType == OnnxElementType.Int64
            ? x with { Shape = node.GetInt("keepdims", 1) != 0 ? [1] : [], Values = [product] }
            : null;
    }

    private static int ClampAxis(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
}
