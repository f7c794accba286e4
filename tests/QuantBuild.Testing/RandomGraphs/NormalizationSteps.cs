using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Normalizations as operators.</summary>
internal static class NormalizationSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } =
    [
        (3, "BatchNormalization", BatchNormalization), (2, "LayerNormalization", LayerNormalization), (2, "GroupNormalization", GroupNormalization),
        (2, "InstanceNormalization", InstanceNormalization), (1, "LRN", Lrn), (4, "Softmax", Softmax),
    ];

    public static GrownValue Normalize(GraphGrower g, GrownValue x)
    {
        long[] channels = [x.Shape[1]];
        string mean = g.Constant(g.Floats(channels, 0.3 * x.Size));
        string variance = g.Constant(OnnxTensor.Float(
            channels, [.. g.Positives(channels).Floats.ToArray().Select(value => (float)(value * x.Size * x.Size))]));
        (string, object)[] attributes = g.Opset >= 14 && g.Random.Next(2) == 0 ? [("training_mode", 0)] : [("epsilon", 1e-3f)];
        return g.Grow(
            "BatchNormalization",
            $"{x.Name} {g.Constant(g.Positives(channels))} {g.Constant(g.Floats(channels, 0.3))} {mean} {variance}",
            x.Shape,
            1.2,
            attributes);
    }

    private static bool BatchNormalization(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 2) is not { } x)
            return false;
        Normalize(g, x);
        return true;
    }

    private static bool LayerNormalization(GraphGrower g)
    {
        if (g.Opset < 17 || g.Pick(value => value.Rank >= 2 && value.Shape[^1] >= 4) is not { } x)
            return false;
        long[] width = [x.Shape[^1]];
        g.Grow("LayerNormalization", $"{x.Name} {g.Constant(g.Positives(width))} {g.Constant(g.Floats(width, 0.3))}", x.Shape, 1, ("epsilon", 1e-2f));
        return true;
    }

    /// <summary>Until opset 20 a scale and a shift per group, from 21 on per channel.</summary>
    private static bool GroupNormalization(GraphGrower g)
    {
        if (g.Opset < 21 || g.Pick(value => value.Rank is 3 or 4 && value.Shape[2..].Aggregate((a, b) => a * b) >= 6) is not { } x)
            return false;
        long groups = g.DivisorOf(x.Shape[1]);
        long[] channels = [x.Shape[1]];
        g.Grow(
            "GroupNormalization", $"{x.Name} {g.Constant(g.Positives(channels))} {g.Constant(g.Floats(channels, 0.3))}", x.Shape, 1,
            ("num_groups", groups), ("epsilon", 1e-2f));
        return true;
    }

    private static bool InstanceNormalization(GraphGrower g)
    {
        if (g.Pick(value => value.Rank is 3 or 4 && value.Shape[2..].Aggregate((a, b) => a * b) >= 6) is not { } x)
            return false;
        long[] channels = [x.Shape[1]];
        g.Grow(
            "InstanceNormalization", $"{x.Name} {g.Constant(g.Positives(channels))} {g.Constant(g.Floats(channels, 0.3))}", x.Shape, 1,
            ("epsilon", 1e-2f));
        return true;
    }

    private static bool Lrn(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 4) is not { } x)
            return false;
        g.Grow("LRN", x.Name, x.Shape, x.Size, ("size", 3));
        return true;
    }

    /// <summary>Before opset 13 over all axes from the one given on.</summary>
    private static bool Softmax(GraphGrower g)
    {
        if (g.Pick(value => value.Rank > value.FirstAxis) is not { } x)
            return false;
        int axis = g.Random.Next(x.FirstAxis, x.Rank);
        string opType = g.Random.Next(3) == 0 ? "LogSoftmax" : "Softmax";
        long given = g.Opset < 11 ? axis : g.Axis(axis, x.Rank);
        g.Grow(opType, x.Name, x.Shape, opType == "Softmax" ? 0.3 : 2, ("axis", given));
        return true;
    }
}
