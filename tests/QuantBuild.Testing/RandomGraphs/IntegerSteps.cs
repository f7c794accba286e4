using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Arithmetic of shapes and indices beside the floats.</summary>
internal static class IntegerSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } =
    [
        (5, "ComputedReshape", ComputedReshape), (2, "DividedByLength", DividedByLength), (2, "FilledLikeShape", FilledLikeShape),
        (2, "Positions", Positions), (2, "ComputedSlice", ComputedSlice), (2, "OneHot", OneHot), (1, "ArgMax", ArgMax), (2, "Mask", Mask),
    ];

    /// <summary>[a, b, …, z] → [a, …, y · z] through Shape, Gather, Mul and Concat.</summary>
    private static bool ComputedReshape(GraphGrower g)
    {
        if (g.Pick(value => value.Rank - value.FirstAxis >= 2) is not { } x)
            return false;
        string shape = g.Node("Shape", x.Name);
        bool vectors = g.Random.Next(2) == 0;
        string[] kept = [.. Enumerable.Range(0, x.Rank - 2).Select(axis => AsVector(g, Dimension(g, shape, axis, vectors), vectors))];
        string joined = g.Node("Mul", $"{Dimension(g, shape, x.Rank - 2, vectors)} {Dimension(g, shape, x.Rank - 1, vectors)}");
        string last = g.Random.Next(3) == 0 ? g.Int64s(-1) : AsVector(g, joined, vectors);
        string target = g.Node("Concat", string.Join(' ', [.. kept, last]), ("axis", 0));
        g.Grow("Reshape", $"{x.Name} {target}", [.. x.Shape[..^2], x.Shape[^2] * x.Shape[^1]], x.Size);
        return true;
    }

    private static bool DividedByLength(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        string length = g.Node("Cast", Dimension(g, g.Node("Shape", x.Name), axis, false), ("to", (int)OnnxElementType.Float));
        g.Grow("Div", $"{x.Name} {g.Node("Sqrt", length)}", x.Shape, x.Size / Math.Sqrt(x.Shape[axis]));
        return true;
    }

    private static bool FilledLikeShape(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > 0) is not { } x)
            return false;
        string filled = g.Node("ConstantOfShape", g.Node("Shape", x.Name), ("value", OnnxTensor.Float([1], [0.25f])));
        g.Grow("Add", $"{filled} {x.Name}", x.Shape, x.Size);
        return true;
    }

    /// <summary>0, 1, 2 … along the last axis, scaled.</summary>
    private static bool Positions(GraphGrower g)
    {
        if (g.Opset < 11 || g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        string length = Dimension(g, g.Node("Shape", x.Name), x.Rank - 1, false);
        string range = g.Node("Range", $"{g.Int64(0)} {length} {g.Int64(1)}");
        string scaled = g.Node("Mul", $"{g.Node("Cast", range, ("to", (int)OnnxElementType.Float))} {g.Scalar(1.0 / x.Shape[^1])}");
        g.Grow("Add", $"{x.Name} {scaled}", x.Shape, x.Size);
        return true;
    }

    /// <summary>The first half of an axis, its end computed.</summary>
    private static bool ComputedSlice(GraphGrower g)
    {
        if (g.Opset < 10 || g.Pick(value => value.Rank > value.FirstAxis && value.Shape[^1] > 1) is not { } x)
            return false;
        string length = Dimension(g, g.Node("Shape", x.Name), x.Rank - 1, true);
        string half = g.Node("Div", $"{length} {g.Int64s(2)}");
        g.Grow("Slice", $"{x.Name} {g.Int64s(0)} {half} {g.Int64s(-1)}", [.. x.Shape[..^1], x.Shape[^1] / 2], x.Size);
        return true;
    }

    private static bool OneHot(GraphGrower g)
    {
        long classes = g.Random.Next(2, 7);
        GrownValue ids = g.AddInput(OnnxElementType.Int64, g.HasFreeBatch ? [GrownValue.Batch, 3] : [2, 3], classes);
        string values = g.Constant(OnnxTensor.Float([2], [0, 1]));
        g.Grow("OneHot", $"{ids.Name} {g.Int64(classes)} {values}", [.. ids.Shape, classes], 0.5);
        return true;
    }

    private static bool ArgMax(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        g.OutputInteger(g.Node("ArgMax", x.Name, ("axis", x.Rank - 1), ("keepdims", g.Random.Next(2))));
        return true;
    }

    /// <summary>Zero where an input of truth values says so.</summary>
    private static bool Mask(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        long[] shape = [x.HasBatch ? GrownValue.Batch : 1, .. Enumerable.Repeat(1L, Math.Max(0, x.Rank - 2)), x.Shape[^1]];
        if (g.HasFreeBatch != x.HasBatch || shape.Length != x.Rank)
            return false;
        GrownValue mask = g.AddInput(OnnxElementType.Bool, shape, 2);
        string number = g.Node("Cast", g.Random.Next(2) == 0 ? g.Node("Not", mask.Name) : mask.Name, ("to", (int)OnnxElementType.Float));
        g.Grow("Mul", $"{x.Name} {number}", x.Shape, x.Size);
        return true;
    }

    private static string Dimension(GraphGrower g, string shape, int axis, bool asVector) =>
        g.Node("Gather", $"{shape} {(asVector ? g.Int64s(axis) : g.Int64(axis))}", ("axis", 0));

    private static string AsVector(GraphGrower g, string dimension, bool isVector)
    {
        if (isVector)
            return dimension;
        return g.Opset < 13 ? g.Node("Unsqueeze", dimension, ("axes", new long[] { 0 })) : g.Node("Unsqueeze", $"{dimension} {g.Int64s(0)}");
    }
}
