using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime.Tests.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests;

[TestClass]
public sealed class PartedSessionTests
{
    private const int Width = 16;

    [TestMethod]
    [DataRow("y")]
    [DataRow("y a s c")]
    [DataRow("s a")]
    public void Run_EveryWeightAPart_ShowsWhatTheWholeGives(string outputs)
    {
        OnnxModel model = Net();
        string[] names = outputs.Split(' ');
        using IInferenceSession whole = QuantizationTrial.Engine.Open(model.ToImage());
        using PartedSession parted = InParts(model, 4);

        List<(int, float[])> expected = Run(whole, names);
        List<(int, float[])> actual = Run(parted, names);

        CollectionAssert.AreEqual(expected.Select(value => value.Item1).ToArray(), actual.Select(value => value.Item1).ToArray(), "The order.");
        foreach (((_, float[] right), (_, float[] given)) in expected.Zip(actual))
            CollectionAssert.AreEqual(right, given, "The same operators run: the same bits.");
    }

    /// <summary>A sequence of tensors cannot wait between two parts.</summary>
    [TestMethod]
    public void Run_ASequenceCrossesABorder_RunsAsAWhole()
    {
        OnnxModel model = new ModelBuilder().Input("x", $"n,{Width}").Weights("w0", Width, Width).Weights("w1", Width, Width).Int64s("first", 0)
            .Initializer("at", OnnxTensor.Create<long>(OnnxElementType.Int64, [], [0L]))
            .Node("MatMul", "x w0", "a").Node("SequenceConstruct", "a", "list").Node("MatMul", "a w1", "b")
            .Node("SequenceAt", "list at", "c").Node("Add", "b c", "y").Output("y").Output("a").Build();
        using IInferenceSession whole = QuantizationTrial.Engine.Open(model.ToImage());
        using PartedSession parted = InParts(model, 3);

        foreach (((_, float[] right), (_, float[] given)) in Run(whole, ["a", "y"], 2).Zip(Run(parted, ["a", "y"], 2)))
            CollectionAssert.AreEqual(right, given);
    }

    /// <summary>A branch reads a weight and a value from outside.</summary>
    [TestMethod]
    public void Run_BodiesReadFromOutside_ShowsWhatTheWholeGives()
    {
        var then = new GraphBuilder().Node("MatMul", "a w1", "t").Output("t");
        var otherwise = new GraphBuilder().Node("MatMul", "x w1", "o").Output("o");
        OnnxModel model = new ModelBuilder().Input("x", $"n,{Width}").Weights("w0", Width, Width).Weights("w1", Width, Width)
            .Floats("zero", [], 0).Node("MatMul", "x w0", "a").Node("ReduceMax", "a", "top", ("keepdims", 0)).Node("Greater", "top zero", "is")
            .Node("If", "is", "y", ("then_branch", then), ("else_branch", otherwise)).Output("y").Build();
        using IInferenceSession whole = QuantizationTrial.Engine.Open(model.ToImage());
        using PartedSession parted = InParts(model, 3);

        CollectionAssert.AreEqual(Run(whole, ["y"], 2)[0].Item2, Run(parted, ["y"], 2)[0].Item2);
    }

    [TestMethod]
    public void Open_SmallModel_TheRuntimesOwnSession()
    {
        using IInferenceSession session = new PartedEngine(QuantizationTrial.Engine).Open(Net().ToImage());

        Assert.IsNotInstanceOfType<PartedSession>(session);
    }

    /// <summary>x → a → r → b, c = b + x, y; s is a shape.</summary>
    private static OnnxModel Net() => new ModelBuilder().Input("x", $"n,6,{Width}")
        .Weights("w0", Width, 2 * Width).Weights("w1", 2 * Width, Width).Weights("w2", Width, 4).Weights("w3", Width, 4)
        .Node("MatMul", "x w0", "a").Node("Relu", "a", "r").Node("Shape", "r", "shape").Node("MatMul", "r w1", "b").Node("Add", "b x", "c")
        .Node("MatMul", "c w2", "d").Node("MatMul", "c w3", "e").Node("Mul", "d e", "y").Node("Cast", "shape", "s", ("to", 1))
        .Output("y").Output("a").Output("s").Output("c").Build();

    private static PartedSession InParts(OnnxModel model, int count)
    {
        var parts = ModelParts.Of(model.ToImage(), mostBytes: 1)!;
        Assert.HasCount(count, parts.Parts);
        return new PartedSession(QuantizationTrial.Engine, model.ToImage(), parts);
    }

    private static List<(int Index, float[] Values)> Run(IInferenceSession session, string[] outputs, int rank = 3)
    {
        long[] shape = rank == 3 ? [2, 6, Width] : [2, Width];
        float[] values = SeededValues.Floats("x", -1, 1, (int)shape.Aggregate((a, b) => a * b));
        var shown = new List<(int, float[])>();
        session.Run(
            [new InputTensor("x", OnnxElementType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray())], outputs,
            (index, tensor) => shown.Add((index, tensor.Floats.ToArray())));
        return shown;
    }
}
