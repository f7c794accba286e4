using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Pooling and resizing.</summary>
internal static class WindowSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } =
        [(5, "MaxPool", MaxPool), (4, "AveragePool", AveragePool), (4, "GlobalPool", GlobalPool), (4, "Resize", Resize)];

    private static bool MaxPool(GraphGrower g)
    {
        if (g.Pick(value => value.Rank is 3 or 4 or 5) is not { } x)
            return false;
        var window = SlidingWindow.Choose(g, x.Shape[2..], allowsCeiling: true);
        int outputs = g.Random.Next(5) == 0 ? 2 : 1;
        string[] results = g.Nodes(outputs, "MaxPool", x.Name, [.. window.Attributes(g)]);
        g.Add(results[0], [.. x.Shape[..2], .. window.Output], x.Size);
        if (outputs == 2 && g.Random.Next(3) == 0)
            g.OutputInteger(results[1]);
        return true;
    }

    private static bool AveragePool(GraphGrower g)
    {
        if (g.Pick(value => value.Rank is 3 or 4 or 5) is not { } x)
            return false;
        var window = SlidingWindow.Choose(g, x.Shape[2..], allowsCeiling: true);
        var attributes = window.Attributes(g).Append(("count_include_pad", g.Random.Next(2)));
        g.Grow("AveragePool", x.Name, [.. x.Shape[..2], .. window.Output], x.Size / 2, [.. attributes]);
        return true;
    }

    private static bool GlobalPool(GraphGrower g)
    {
        if (g.Pick(value => value.Rank is 3 or 4 or 5) is not { } x)
            return false;
        string opType = g.Random.Next(3) == 0 ? "GlobalMaxPool" : "GlobalAveragePool";
        g.Grow(opType, x.Name, [.. x.Shape[..2], .. Enumerable.Repeat(1L, x.Rank - 2)], x.Size / 2);
        return true;
    }

    private static bool Resize(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 4 && value.Length < 800) is not { } x)
            return false;
        bool nearest = g.Random.Next(2) == 0;
        long[] shape = [x.Shape[0], x.Shape[1], x.Shape[2] * 2, x.Shape[3] * 2];
        string scales = g.Constant(OnnxTensor.Float([4], [1, 1, 2, 2]));
        List<(string, object)> attributes = [("mode", nearest ? "nearest" : "linear")];
        if (g.Opset < 10)
        {
            g.Grow("Upsample", $"{x.Name} {scales}", shape, x.Size, [.. attributes]);
            return true;
        }
        if (g.Opset == 10)
        {
            g.Grow("Resize", $"{x.Name} {scales}", shape, x.Size, [.. attributes]);
            return true;
        }
        string transformation = new[] { "half_pixel", "asymmetric", "align_corners" }[g.Random.Next(3)];
        attributes.Add(("coordinate_transformation_mode", transformation));
        if (nearest)
            attributes.Add(("nearest_mode", transformation == "asymmetric" ? "floor" : "round_prefer_floor"));
        string regions = g.Opset < 13 ? g.Constant(OnnxTensor.Float([0], [])) : "-";
        g.Grow("Resize", $"{x.Name} {regions} {scales}", shape, x.Size, [.. attributes]);
        return true;
    }
}
