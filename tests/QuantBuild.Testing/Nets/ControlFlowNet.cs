using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>A Scan that walks over time with a state of its own, and a Loop that refines its result as often as an input says.</summary>
internal static class ControlFlowNet
{
    private const int Length = 16;
    private const int Bands = 24;
    private const int Hidden = 40;

    public static GeneratedNet Net { get; } = new("control-flow", Build, Samples);

    private static IReadOnlyList<NamedArray> Samples(int count, int seed) =>
        [NaturalInputs.Features("features", count, Length, Bands, seed)];

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 110, opset: 16);
        string features = net.Input("features", $"n,{Length},{Bands}");
        string x = net.Op("Relu", net.Linear(features, Bands, Hidden, gain: 2));

        // The state of every sample starts at zero; Scan walks over axis 0.
        string last = net.Op("Gather", $"{x} {net.Int64(0)}", ("axis", 1));
        string start = net.Op("Sub", $"{last} {last}");
        string steps = net.Op("Transpose", x, ("perm", new[] { 1, 0, 2 }));
        string[] scanned = net.Ops(2, "Scan", $"{start} {steps}", ("num_scan_inputs", 1), ("body", Step(net)));

        string[] refined = net.Ops(2, "Loop", $"{net.Int64(3)} - {scanned[0]}", ("body", Refinement(net)));
        net.Output(net.Gemm(refined[0], Hidden, 8), "n,8");
        net.Output(net.Op("ReduceMean", scanned[1], ("axes", new[] { 0 }), ("keepdims", 0)), $"n,{Hidden}");
        return net.ToBytes();
    }

    /// <summary>s' = tanh(A·s + B·x)</summary>
    private static GraphBuilder Step(LayerBuilder net) => new GraphBuilder()
        .Input("state", $"n,{Hidden}").Input("moment", $"n,{Hidden}")
        .Initializer("kept", net.Values.Weight([Hidden, Hidden], Hidden, 0.7f))
        .Initializer("taken", net.Values.Weight([Hidden, Hidden], Hidden, 0.7f))
        .Node("MatMul", "state kept", "old").Node("MatMul", "moment taken", "new").Node("Add", "old new", "sum").Node("Tanh", "sum", "next")
        .Node("Identity", "next", "seen").Output("next", $"n,{Hidden}").Output("seen", $"n,{Hidden}");

    /// <summary>v' = v + relu(v·W + b)·U, with W shared by all rounds; each round's result is collected too.</summary>
    private static GraphBuilder Refinement(LayerBuilder net) => new GraphBuilder()
        .Input("round", "", OnnxElementType.Int64).Input("goes", "", OnnxElementType.Bool).Input("value", $"n,{Hidden}")
        .Initializer("inner", net.Values.Weight([Hidden, 64], Hidden, 2))
        .Initializer("shift", OnnxTensor.Float([64], net.Values.Normals(64, 0, 0.1f)))
        .Initializer("outer", net.Values.Weight([64, Hidden], 64, 0.3f))
        .Node("Identity", "goes", "still")
        .Node("MatMul", "value inner", "p").Node("Add", "p shift", "q").Node("Relu", "q", "r").Node("MatMul", "r outer", "d")
        .Node("Add", "value d", "better").Node("Identity", "better", "kept_better")
        .Output("still", "", OnnxElementType.Bool).Output("better", $"n,{Hidden}").Output("kept_better", $"n,{Hidden}");
}
