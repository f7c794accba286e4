using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>If, Loop and Scan, whose bodies have weights of their own and read values from around them.</summary>
internal static class ControlFlowSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } = [(3, "If", If), (2, "Loop", Loop), (2, "Scan", Scan)];

    private static bool If(GraphGrower g)
    {
        if (g.Pick(value => value.Rank >= 2) is not { } x)
            return false;
        string condition = g.Random.Next(3) switch
        {
            0 => g.Constant(OnnxTensor.Create<byte>(OnnxElementType.Bool, [], [(byte)g.Random.Next(2)])),
            1 when !g.HasFreeBatch => g.AddInput(OnnxElementType.Bool, [], 2).Name,
            _ => g.Node("Greater", $"{Size(g, x)} {g.Int64(x.Shape[^1] - g.Random.Next(2))}"),
        };
        g.Capture(x.Name);
        g.Add(g.Node("If", condition, ("then_branch", Product(g, x)), ("else_branch", Shifted(g, x))), x.Shape, x.Size);
        return true;
    }

    private static bool Loop(GraphGrower g)
    {
        if (g.Opset < 11 || g.Pick(value => value.Rank >= 2) is not { } x || g.Pick(value => value.Shape.SequenceEqual(x.Shape)) is not { } added)
            return false;
        (string round, string goes, string state, string still) = (g.NewName(), g.NewName(), g.NewName(), g.NewName());
        (string weight, string product, string bent, string next, string seen) = (g.NewName(), g.NewName(), g.NewName(), g.NewName(), g.NewName());
        GraphBuilder body = new GraphBuilder()
            .Input(round, "", OnnxElementType.Int64).Input(goes, "", OnnxElementType.Bool).Input(state, null)
            .Initializer(weight, g.Floats([x.Shape[^1], x.Shape[^1]], 0.5 / Math.Sqrt(x.Shape[^1])))
            .Node("Identity", goes, still)
            .Node("MatMul", $"{state} {weight}", product).Node("Relu", product, bent).Node("Add", $"{bent} {added.Name}", next)
            .Node("Identity", next, seen)
            .Output(still, "", OnnxElementType.Bool).Output(next).Output(seen);
        g.Capture(added.Name);
        string[] results = g.Nodes(2, "Loop", $"{g.Int64(g.Random.Next(1, 4))} - {x.Name}", ("body", body));
        g.Add(results[0], x.Shape, 1.5 * Math.Max(x.Size, added.Size));
        return true;
    }

    /// <summary>Along an axis that is no batch: s' = tanh(A·s + x).</summary>
    private static bool Scan(GraphGrower g)
    {
        if (g.Opset < 11 || g.Pick(value => value.Rank == 3) is not { } x)
            return false;
        (string state, string moment, string weight, string product) = (g.NewName(), g.NewName(), g.NewName(), g.NewName());
        (string sum, string next, string seen) = (g.NewName(), g.NewName(), g.NewName());
        GraphBuilder body = new GraphBuilder()
            .Input(state, "a,b").Input(moment, "a,b")
            .Initializer(weight, g.Floats([x.Shape[2], x.Shape[2]], 0.6 / Math.Sqrt(x.Shape[2])))
            .Node("MatMul", $"{state} {weight}", product).Node("Add", $"{product} {moment}", sum).Node("Tanh", sum, next).Node("Identity", next, seen)
            .Output(next, "a,b").Output(seen, "a,b");
        string first = g.Node("Gather", $"{x.Name} {g.Int64(0)}", ("axis", 1));
        string[] results = g.Nodes(
            2, "Scan", $"{first} {x.Name}", ("num_scan_inputs", 1), ("scan_input_axes", new long[] { 1 }), ("scan_output_axes", new long[] { 1 }),
            ("body", body));
        g.Add(results[0], [x.Shape[0], x.Shape[2]], 0.6);
        g.Add(results[1], x.Shape, 0.6);
        return true;
    }

    private static string Size(GraphGrower g, GrownValue x) => g.Node("Gather", $"{g.Node("Shape", x.Name)} {g.Int64(x.Rank - 1)}");

    private static GraphBuilder Product(GraphGrower g, GrownValue x)
    {
        (string weight, string product, string bent) = (g.NewName(), g.NewName(), g.NewName());
        return new GraphBuilder().Initializer(weight, g.Floats([x.Shape[^1], x.Shape[^1]], 1 / Math.Sqrt(x.Shape[^1])))
            .Node("MatMul", $"{x.Name} {weight}", product).Node("Relu", product, bent).Output(bent);
    }

    private static GraphBuilder Shifted(GraphGrower g, GrownValue x)
    {
        (string shift, string sum) = (g.NewName(), g.NewName());
        return new GraphBuilder().Node("Constant", "", shift, ("value", g.Floats([x.Shape[^1]], 0.5))).Node("Add", $"{x.Name} {shift}", sum).Output(sum);
    }
}
