using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Products with weights, and of values with each other.</summary>
internal static class LinearSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } =
    [
        (14, "Conv", Conv), (4, "ConvTranspose", ConvTranspose), (8, "Gemm", Gemm), (8, "MatMul", MatMul), (8, "MatMulAdd", MatMulAdd),
        (3, "MatMulBatched", MatMulBatched), (4, "MatMulValues", MatMulValues), (3, "Embedding", Embedding), (2, "FusedMatMul", FusedMatMul),
        (2, "Einsum", Einsum),
    ];

    private static bool Conv(GraphGrower g)
    {
        if (g.Pick(value => value.Rank is 3 or 4 or 5) is not { } x)
            return false;
        long group = g.Random.Next(3) == 0 ? g.DivisorOf(x.Shape[1]) : 1;
        long outputs = group * (group > 4 ? 1 : g.Random.Next(1, 7));
        var window = SlidingWindow.Choose(g, x.Shape[2..], allowsCeiling: false);
        string w = g.Weight(x.Shape[1] / group * window.Kernel.Aggregate((a, b) => a * b), [outputs, x.Shape[1] / group, .. window.Kernel]);
        string bias = g.Random.Next(2) == 0 ? "" : " " + g.Constant(g.Floats([outputs], 0.2));
        var attributes = window.Attributes(g).Append(("group", group));
        GrownValue y = g.Grow("Conv", $"{x.Name} {w}{bias}", [x.Shape[0], outputs, .. window.Output], x.Size, [.. attributes]);
        Follow(g, y);
        return true;
    }

    private static bool ConvTranspose(GraphGrower g)
    {
        if (g.Pick(value => value.Rank is 3 or 4 && value.Length < 1500) is not { } x)
            return false;
        int axes = x.Rank - 2;
        long group = g.Random.Next(3) == 0 ? g.DivisorOf(x.Shape[1]) : 1;
        long outputs = group * g.Random.Next(1, 5);
        long[] kernel = [.. Enumerable.Range(0, axes).Select(_ => (long)g.Random.Next(1, 4))];
        long[] strides = [.. Enumerable.Range(0, axes).Select(_ => (long)g.Random.Next(1, 3))];
        long[] extra = [.. strides.Select(stride => (long)g.Random.Next((int)stride))];
        long[] size = [.. Enumerable.Range(0, axes).Select(i => (strides[i] * (x.Shape[i + 2] - 1)) + kernel[i] + extra[i])];
        string w = g.Weight(x.Shape[1] / group * 2, [x.Shape[1], outputs / group, .. kernel]);
        string bias = g.Random.Next(2) == 0 ? "" : " " + g.Constant(g.Floats([outputs], 0.2));
        GrownValue y = g.Grow(
            "ConvTranspose", $"{x.Name} {w}{bias}", [x.Shape[0], outputs, .. size], x.Size,
            ("strides", strides), ("output_padding", extra), ("group", group), ("kernel_shape", kernel));
        Follow(g, y);
        return true;
    }

    private static bool Gemm(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 2) is not { } x)
            return false;
        bool turnsInput = !x.HasBatch && g.Random.Next(4) == 0;
        (long rows, long inner) = turnsInput ? (x.Shape[1], x.Shape[0]) : (x.Shape[0], x.Shape[1]);
        long columns = g.OddSize();
        bool turnsWeight = g.Random.Next(2) == 0;
        string w = g.Weight(inner, turnsWeight ? [columns, inner] : [inner, columns]);
        long[][] biases = [[columns], [1, columns], [1], [], [1, 1]];
        string bias = g.Random.Next(3) == 0 ? "" : " " + g.Constant(g.Floats(biases[g.Random.Next(g.Random.Next(2) == 0 ? 1 : 5)], 0.3));
        if (bias.Length == 0 && g.Opset < 11)
            bias = " " + g.Constant(g.Floats([columns], 0.3));
        List<(string, object)> attributes = [];
        if (turnsInput)
            attributes.Add(("transA", 1));
        if (turnsWeight)
            attributes.Add(("transB", 1));
        if (g.Random.Next(4) == 0)
            attributes.AddRange([("alpha", 0.5f + g.Random.NextSingle()), ("beta", 0.5f + g.Random.NextSingle())]);
        Follow(g, g.Grow("Gemm", $"{x.Name} {w}{bias}", [rows, columns], x.Size, [.. attributes]));
        return true;
    }

    private static bool MatMul(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 2) is not { } x)
            return false;
        long columns = g.OddSize();
        string w = g.Weight(x.Shape[^1], x.Shape[^1], columns);
        Follow(g, g.Grow("MatMul", $"{x.Name} {w}", [.. x.Shape[..^1], columns], x.Size));
        return true;
    }

    private static bool MatMulAdd(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 2) is not { } x)
            return false;
        long columns = g.OddSize();
        string product = g.Node("MatMul", $"{x.Name} {g.Weight(x.Shape[^1], x.Shape[^1], columns)}");
        long[] shape = g.Random.Next(4) == 0 ? [1, columns] : [columns];
        string bias = g.Constant(g.Floats(shape, 0.3));
        Follow(g, g.Grow("Add", g.Random.Next(2) == 0 ? $"{product} {bias}" : $"{bias} {product}", [.. x.Shape[..^1], columns], x.Size));
        return true;
    }

    /// <summary>A weight per matrix of a stack.</summary>
    private static bool MatMulBatched(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 3 && value.Shape[^3] is > 0 and < 6) is not { } x)
            return false;
        long columns = g.OddSize();
        string w = g.Weight(x.Shape[^1], x.Shape[^3], x.Shape[^1], columns);
        Follow(g, g.Grow("MatMul", $"{x.Name} {w}", [.. x.Shape[..^1], columns], x.Size));
        return true;
    }

    /// <summary>x · yᵀ, as attention does.</summary>
    private static bool MatMulValues(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 3 || (value.Rank == 2 && !value.HasBatch)) is not { } x
            || g.Pick(value => value.Shape.SequenceEqual(x.Shape)) is not { } y)
            return false;
        int[] order = [.. Enumerable.Range(0, x.Rank - 2), x.Rank - 1, x.Rank - 2];
        string turned = g.Node("Transpose", y.Name, ("perm", order));
        double size = x.Size * y.Size * Math.Sqrt(x.Shape[^1]);
        g.Grow("MatMul", $"{x.Name} {turned}", [.. x.Shape[..^1], x.Shape[^2]], size);
        return true;
    }

    private static bool Embedding(GraphGrower g)
    {
        long words = g.OddSize() + 1;
        long width = g.OddSize();
        long[] shape = g.HasFreeBatch ? [GrownValue.Batch, g.Random.Next(1, 6)] : [g.Random.Next(1, 4), g.Random.Next(1, 6)];
        OnnxElementType type = g.Random.Next(3) == 0 ? OnnxElementType.Int32 : OnnxElementType.Int64;
        GrownValue ids = g.AddInput(type, shape, words);
        g.Grow("Gather", $"{g.Weight(1, words, width)} {ids.Name}", [.. shape, width], 1);
        return true;
    }

    /// <summary>An operator of the runtime's own domain.</summary>
    private static bool FusedMatMul(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 2) is not { } x)
            return false;
        long columns = g.OddSize();
        g.Grow(
            "FusedMatMul", $"{x.Name} {g.Weight(x.Shape[^1], columns, x.Shape[^1])}", [.. x.Shape[..^1], columns], x.Size,
            ("domain", "com.microsoft"), ("transB", 1));
        return true;
    }

    private static bool Einsum(GraphGrower g)
    {
        if (g.Opset < 12 || g.Pick(value => value.Rank == 3) is not { } x)
            return false;
        long columns = g.OddSize();
        g.Grow("Einsum", $"{x.Name} {g.Weight(x.Shape[2], x.Shape[2], columns)}", [.. x.Shape[..2], columns], x.Size, ("equation", "abc,cd->abd"));
        return true;
    }

    /// <summary>What often stands behind a product.</summary>
    private static void Follow(GraphGrower g, GrownValue y)
    {
        if (y.Rank >= 2 && g.Random.Next(4) == 0)
            y = NormalizationSteps.Normalize(g, y);
        if (g.Random.Next(3) == 0)
            ElementwiseSteps.Activate(g, y);
    }
}
