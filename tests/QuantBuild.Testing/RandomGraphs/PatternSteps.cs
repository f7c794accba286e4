using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Groups of small operators that exporters write for one function.</summary>
internal static class PatternSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } =
    [
        (3, "Silu", Silu), (2, "HardSwishParts", HardSwishParts), (2, "GeluParts", GeluParts), (2, "LayerNormParts", LayerNormParts),
        (3, "SqueezeExcite", SqueezeExcite), (3, "Attention", Attention), (3, "Residual", Residual),
    ];

    private static bool Silu(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        g.Grow("Mul", $"{x.Name} {g.Node("Sigmoid", x.Name)}", x.Shape, x.Size);
        return true;
    }

    private static bool HardSwishParts(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        string shifted = g.Node("Add", $"{x.Name} {g.Scalar(3)}");
        string clipped = g.Opset < 11
            ? g.Node("Clip", shifted, ("min", 0f), ("max", 6f))
            : g.Node("Clip", $"{shifted} {g.Scalar(0)} {g.Scalar(6)}");
        g.Grow("Div", $"{g.Node("Mul", $"{x.Name} {clipped}")} {g.Scalar(6)}", x.Shape, x.Size);
        return true;
    }

    private static bool GeluParts(GraphGrower g)
    {
        if (g.Pick(_ => true) is not { } x)
            return false;
        string erf = g.Node("Erf", g.Node("Div", $"{x.Name} {g.Scalar(1.41421356)}"));
        string product = g.Node("Mul", $"{x.Name} {g.Node("Add", $"{erf} {g.Scalar(1)}")}");
        g.Grow("Mul", $"{product} {g.Scalar(0.5)}", x.Shape, x.Size);
        return true;
    }

    private static bool LayerNormParts(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 2 && value.Shape[^1] >= 4) is not { } x)
            return false;
        string centred = g.Node("Sub", $"{x.Name} {ShapeSteps.Reduce(g, "ReduceMean", x.Name, [x.Rank - 1], keeps: true)}");
        string squares = g.Node("Pow", $"{centred} {g.Scalar(2)}");
        string variance = g.Node("Add", $"{ShapeSteps.Reduce(g, "ReduceMean", squares, [x.Rank - 1], keeps: true)} {g.Scalar(0.01)}");
        string scaled = g.Node("Mul", $"{g.Node("Div", $"{centred} {g.Node("Sqrt", variance)}")} {g.Constant(g.Positives(x.Shape[^1]))}");
        g.Grow("Add", $"{scaled} {g.Constant(g.Floats([x.Shape[^1]], 0.3))}", x.Shape, 1);
        return true;
    }

    private static bool SqueezeExcite(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 4) is not { } x)
            return false;
        long inner = g.Random.Next(1, 6);
        string squeezed = g.Node("Conv", $"{g.Node("GlobalAveragePool", x.Name)} {g.Weight(x.Shape[1], inner, x.Shape[1], 1, 1)}");
        string excited = g.Node("Conv", $"{g.Node("Relu", squeezed)} {g.Weight(inner, x.Shape[1], inner, 1, 1)}");
        g.Grow("Mul", $"{x.Name} {g.Node(g.Random.Next(2) == 0 ? "Sigmoid" : "HardSigmoid", excited)}", x.Shape, x.Size / 2);
        return true;
    }

    private static bool Attention(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 3) is not { } x)
            return false;
        long width = x.Shape[2];
        string query = g.Node("MatMul", $"{x.Name} {g.Weight(width, width, width)}");
        string key = g.Node("Transpose", g.Node("MatMul", $"{x.Name} {g.Weight(width, width, width)}"), ("perm", new[] { 0, 2, 1 }));
        string scores = g.Node("Div", $"{g.Node("MatMul", $"{query} {key}")} {g.Scalar(Math.Sqrt(width))}");
        if (g.Random.Next(2) == 0)
            scores = g.Node("Add", $"{scores} {g.Constant(Mask(x.Shape[1]))}");
        // The axis has its old default too: of a rank of 3, the last.
        string weights = g.Node("Softmax", scores, ("axis", g.Opset < 11 ? 2 : -1));
        g.Grow("MatMul", $"{weights} {g.Node("MatMul", $"{x.Name} {g.Weight(width, width, width)}")}", x.Shape, x.Size);
        return true;
    }

    /// <summary>Nothing sees what comes after it.</summary>
    private static OnnxTensor Mask(long length)
    {
        var values = new float[length * length];
        for (long i = 0; i < values.LongLength; i++)
            values[i] = i % length > i / length ? -1e9f : 0;
        return OnnxTensor.Float([length, length], values);
    }

    private static bool Residual(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 4 && value.Length < 2000) is not { } x)
            return false;
        long channels = x.Shape[1];
        string y = x.Name;
        for (int i = 0; i < 2; i++)
        {
            y = g.Node("Conv", $"{y} {g.Weight(channels * 9, channels, channels, 3, 3)}", ("pads", new[] { 1, 1, 1, 1 }));
            if (i == 0)
                y = g.Node("Relu", y);
        }
        g.Grow("Relu", g.Node("Add", $"{y} {x.Name}"), x.Shape, x.Size);
        return true;
    }
}
