using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Functions of single elements, and of pairs of them with all kinds of broadcasting.</summary>
internal static class ElementwiseSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } =
    [
        (12, "Activation", Activation), (5, "Function", Function), (8, "BinaryConstant", BinaryConstant), (10, "Binary", Binary),
        (3, "Variadic", Variadic), (2, "Where", Where), (3, "PassThrough", PassThrough), (2, "DomainGelu", DomainGelu),
    ];

    private static readonly (string OpType, int Opset, double Size)[] Activations =
    [
        ("Relu", 6, 0.7), ("Relu", 6, 0.7), ("Relu", 6, 0.7), ("LeakyRelu", 6, 0.7), ("Sigmoid", 6, 0.5), ("Sigmoid", 6, 0.5), ("Tanh", 6, 0.6),
        ("Elu", 6, 0.8), ("Selu", 6, 1), ("Celu", 12, 0.8), ("Softplus", 1, 1), ("Softsign", 1, 0.5), ("HardSigmoid", 6, 0.5), ("HardSwish", 14, 0.7),
        ("Mish", 18, 0.7), ("Gelu", 20, 0.7), ("Abs", 6, 1), ("Neg", 6, 1), ("Erf", 9, 0.6),
    ];

    /// <summary>Two nodes that together are defined, and tame, for every number.</summary>
    private static readonly (string Inner, string Outer, double Shift)[] Functions =
        [("Abs", "Sqrt", 1), ("Abs", "Log", 1), ("Abs", "Reciprocal", 1), ("Tanh", "Exp", 0), ("Tanh", "Sin", 0)];

    public static void Activate(GraphGrower g, GrownValue x)
    {
        if (g.Random.Next(4) == 0)
        {
            Clip(g, x);
            return;
        }
        var choices = Activations.Where(row => row.Opset <= g.Opset).ToArray();
        (string opType, _, double size) = choices[g.Random.Next(choices.Length)];
        g.Grow(opType, x.Name, x.Shape, size * Math.Max(1, opType is "Sigmoid" or "Tanh" or "HardSigmoid" or "Erf" ? 1 : x.Size));
    }

    /// <returns>Null when the shapes do not go together, or a batch would not stay in front.</returns>
    public static long[]? Broadcast(long[] a, long[] b)
    {
        if (a.Length < b.Length)
            (a, b) = (b, a);
        long[] result = [.. a];
        for (int i = 1; i <= b.Length; i++)
            if (result[^i] == 1)
                result[^i] = b[^i];
            else if (b[^i] != 1 && b[^i] != result[^i])
                return null;
        return Array.LastIndexOf(result, GrownValue.Batch) > 0 ? null : result;
    }

    private static void Clip(GraphGrower g, GrownValue x)
    {
        // The last two leave out zero.
        (float Low, float High)[] ranges = [(0, 6), (0, 1), (-1, 1), (-0.5f, float.MaxValue), (0.25f, 2), (-2, -0.1f)];
        (float low, float high) = ranges[g.Random.Next(g.Random.Next(3) == 0 ? 6 : 4)];
        if (g.Opset < 11)
            g.Grow("Clip", x.Name, x.Shape, 0.7, ("min", low), ("max", high));
        else
            g.Grow("Clip", $"{x.Name} {g.Scalar(low)} {(high == float.MaxValue ? "-" : g.Scalar(high))}", x.Shape, 0.7);
    }

    private static bool Activation(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        Activate(g, x);
        return true;
    }

    private static bool Function(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        (string inner, string outer, double shift) = Functions[g.Random.Next(Functions.Length)];
        string y = g.Node(inner, x.Name);
        if (shift > 0)
            y = g.Node("Add", $"{y} {g.Scalar(shift)}");
        g.Grow(outer, y, x.Shape, 0.8);
        return true;
    }

    private static bool BinaryConstant(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        long[] full = [.. x.Shape.Select(dimension => Math.Abs(dimension))];
        long[][] shapes =
        [
            [], [1], x.Rank > 0 ? [x.Shape[^1] == GrownValue.Batch ? 1 : x.Shape[^1]] : [], full,
            x.Rank > 2 ? [x.Shape[1], .. Enumerable.Repeat(1L, x.Rank - 2)] : [1],
            [.. Enumerable.Repeat(1L, x.Rank)],
        ];
        long[] shape = shapes[g.Random.Next(shapes.Length)];
        string opType = new[] { "Add", "Sub", "Mul", "Div", "Max", "Min", "PRelu" }[g.Random.Next(7)];
        string constant = g.Constant(opType is "Div" or "Mul" or "PRelu" ? g.Positives(shape) : g.Floats(shape, 0.5));
        bool constantFirst = opType is not "Div" and not "PRelu" && g.Random.Next(3) == 0;
        g.Grow(opType, constantFirst ? $"{constant} {x.Name}" : $"{x.Name} {constant}", x.Shape, x.Size);
        return true;
    }

    private static bool Binary(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x
            || g.Pick(value => Broadcast(x.Shape, value.Shape) is { } both && Math.Abs(both.Aggregate(1L, (a, b) => a * b)) < 4000) is not { } y)
            return false;
        string opType = new[] { "Add", "Add", "Add", "Mul", "Sub", "Max", "Min" }[g.Random.Next(7)];
        double size = opType switch
        {
            "Mul" => x.Size * y.Size,
            "Add" or "Sub" => Math.Sqrt((x.Size * x.Size) + (y.Size * y.Size)),
            _ => Math.Max(x.Size, y.Size),
        };
        // The difference of a value with itself is zero, and then nothing can be told.
        if (opType == "Sub" && x == y)
            opType = "Add";
        g.Grow(opType, g.Random.Next(2) == 0 ? $"{x.Name} {y.Name}" : $"{y.Name} {x.Name}", Broadcast(x.Shape, y.Shape)!, size);
        return true;
    }

    private static bool Variadic(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        string[] terms = [x.Name, .. Enumerable.Range(0, g.Random.Next(1, 4)).Select(_ => g.Pick(value => value.Shape.SequenceEqual(x.Shape))!.Name)];
        string opType = new[] { "Sum", "Mean", "Max", "Min" }[g.Random.Next(4)];
        g.Grow(opType, string.Join(' ', terms), x.Shape, opType == "Sum" ? x.Size * Math.Sqrt(terms.Length) : x.Size);
        return true;
    }

    /// <summary>x where it is positive, a part of it elsewhere.</summary>
    private static bool Where(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        string positive = g.Node("Greater", $"{x.Name} {g.Scalar(0)}");
        string part = g.Node("Mul", $"{x.Name} {g.Scalar(0.2)}");
        g.Grow("Where", $"{positive} {x.Name} {part}", x.Shape, x.Size);
        return true;
    }

    private static bool PassThrough(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        switch (g.Random.Next(4))
        {
            case 0:
                g.Grow("Identity", x.Name, x.Shape, x.Size);
                break;
            case 1 when g.Opset < 12:
                g.Grow("Dropout", x.Name, x.Shape, x.Size, ("ratio", 0.3f));
                break;
            case 1:
                g.Add(g.Nodes(2, "Dropout", $"{x.Name} {g.Scalar(0.3)}")[0], x.Shape, x.Size);
                break;
            case 2:
                g.Grow("Cast", x.Name, x.Shape, x.Size, ("to", (int)OnnxElementType.Float));
                break;
            default:
                string wide = g.Node("Cast", x.Name, ("to", (int)OnnxElementType.Double));
                g.Grow("Cast", g.Node("Neg", wide), x.Shape, x.Size, ("to", (int)OnnxElementType.Float));
                break;
        }
        return true;
    }

    private static bool DomainGelu(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > 0) is not { } x)
            return false;
        g.Grow(g.Random.Next(2) == 0 ? "Gelu" : "QuickGelu", x.Name, x.Shape, 0.8, ("domain", "com.microsoft"));
        return true;
    }
}
