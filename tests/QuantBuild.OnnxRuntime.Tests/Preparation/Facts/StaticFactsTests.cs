using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation.Facts;

/// <summary>Every shape and every integer that is claimed to be known must be what ONNX Runtime computes, and equal symbols must be equal
/// numbers, whatever the open dimensions are.</summary>
[TestClass]
public sealed class StaticFactsTests
{
    [TestMethod]
    public void Of_RealModel_TrueForEveryBatch() =>
        AssertTrue(OnnxModelReader.Parse(TestModels.Digits(), new DiagnosticOrigin("digits.onnx")), atLeast: 10, batch =>
            [SeededValues.FloatInput("image", batch, 1, 28, 28)]);

    [TestMethod]
    public void Of_Windows_TrueForEveryBatch() => AssertTrue(
        Image().Weights("w", 8, 4, 3, 2).Weights("t", 4, 3, 3, 3).Weights("g", 4, 1, 5, 5)
            .Node("Conv", "x w", "a", ("strides", new[] { 2, 1 }), ("pads", new[] { 1, 0, 0, 1 }), ("dilations", new[] { 2, 3 }))
            .Node("Conv", "x g", "b", ("group", 4), ("auto_pad", "SAME_UPPER"), ("strides", new[] { 3, 2 }))
            .Node("Conv", "x g", "c", ("group", 4), ("auto_pad", "VALID"))
            .Node("ConvTranspose", "x t", "d", ("strides", new[] { 2, 2 }))
            .Node("MaxPool", "x", "e", ("kernel_shape", new[] { 3, 2 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1))
            .Node("AveragePool", "x", "f", ("kernel_shape", new[] { 3, 2 }), ("strides", new[] { 2, 3 }), ("pads", new[] { 1, 1, 1, 0 }))
            .Node("GlobalAveragePool", "x", "h").Node("GlobalMaxPool", "a", "i").Build(),
        atLeast: 8,
        batch => [SeededValues.FloatInput("x", batch, 4, 11, 13)]);

    [TestMethod]
    public void Of_MovedAxes_TrueForEveryBatch() => AssertTrue(
        Image().Int64s("axes", 1, -1).Int64s("split", 5, 6).Int64s("from", 1, 2).Int64s("to", 3, 1000).Int64s("where", 1, 3)
            .Int64s("index", 2, 0).Int64s("shape", 0, -1, 13).Int64s("last", 3).Int64s("expanded", 2, 1, 1, 1, 1)
            .Node("Flatten", "x", "a").Node("Flatten", "x", "b", ("axis", -2)).Node("Flatten", "x", "c", ("axis", 0))
            .Node("Transpose", "x", "d").Node("Transpose", "x", "e", ("perm", new[] { 0, 2, 3, 1 }))
            .Node("Unsqueeze", "x axes", "f").Node("Squeeze", "f axes", "g").Node("Split", "x split", "h i", ("axis", 2))
            .Node("Slice", "x from to where", "j").Node("Gather", "x index", "k", ("axis", 2)).Node("Concat", "x x", "l", ("axis", 0))
            .Node("Concat", "x x", "m", ("axis", -3)).Node("Reshape", "x shape", "n").Node("ReduceMean", "x", "o", ("axes", new[] { 2, 3 }))
            .Node("ReduceMax", "x", "p", ("axes", new[] { -1 }), ("keepdims", 0)).Node("ReduceSum", "x last", "q")
                .Node("ReduceL2", "x", "r")
            .Node("Expand", "x expanded", "s").Build(),
        atLeast: 18,
        batch => [SeededValues.FloatInput("x", batch, 4, 11, 13)]);

    [TestMethod]
    public void Of_ProductsAndBroadcasting_TrueForEveryBatch() => AssertTrue(
        new ModelBuilder().Input("x", "n,l,6").Weights("w", 6, 8).Weights("v", 8, 3).Weights("row", 8).Weights("b", 5, 1, 1, 6)
            .Weights("z", 3)
            .Node("MatMul", "x w", "a").Node("Add", "a row", "b1").Node("Mul", "x b", "c")
                .Node("Transpose", "a", "t", ("perm", new[] { 0, 2, 1 }))
            .Node("MatMul", "a t", "d").Node("Softmax", "d", "e").Node("MatMul", "e a", "f")
                .Node("ReduceMean", "f", "m", ("axes", new[] { 1 }), ("keepdims", 0))
            .Node("Gemm", "m v z", "g").Node("Greater", "x b", "h").Node("Where", "h x b", "i").Build(),
        atLeast: 11,
        batch => [SeededValues.FloatInput("x", batch, batch + 2, 6)]);

    [TestMethod]
    public void Of_ShapeArithmetic_TrueForEveryBatch() => AssertTrue(
        Image().Int64s("zero", 0).Int64s("one", 1).Int64s("two", 2).Int64s("end", 4).Int64s("minus", -1).Int64s("all", 1, 1, 1, 1)
            .Node("Shape", "x", "s").Node("Shape", "x", "part", ("start", 1), ("end", -1)).Node("Size", "x", "size")
            .Node("Gather", "s zero", "n").Node("Slice", "s two end", "hw").Node("Concat", "n one hw", "joined", ("axis", 0))
            .Node("Mul", "s all", "same").Node("Mul", "s two", "twice").Node("Equal", "s minus", "never")
                .Node("Where", "never all s", "again")
            .Node("ReduceProd", "hw", "area").Node("Expand", "one s", "filled").Node("Reshape", "x again", "y").Node("Add", "y x", "z")
                .Build(),
        atLeast: 13,
        batch => [SeededValues.FloatInput("x", batch, 4, 11, 13)]);

    private static ModelBuilder Image() => new ModelBuilder().Input("x", "n,4,11,13");

    /// <param name="atLeast">So many values must have a known rank, so that the test cannot pass by knowing nothing.</param>
    private static void AssertTrue(OnnxModel model, int atLeast, Func<int, InputTensor[]> inputs)
    {
        StaticFacts facts = StaticFacts.Of(model.Graph);
        string[] values = [.. model.Graph.Nodes.SelectMany(node => node.Outputs)];
        Assert.IsTrue(values.Count(value => facts.RankOf(value) is not null) >= atLeast, "too little is known");
        var editor = new GraphEditor(model.Graph);
        foreach (string value in values)
            editor.AddOutput(value);

        using IInferenceSession session = new OnnxRuntimeEngine().Open(model.ToBytes());
        for (int batch = 1; batch <= 3; batch++)
        {
            var symbols = new Dictionary<int, long>();
            session.Run(inputs(batch), values, (index, output) =>
            {
                if (facts.ShapeOf(values[index]) is { } shape)
                    AssertSame(shape, output.Shape, symbols, $"shape of {values[index]}");
                if (facts.ValueOf(values[index]) is { } known)
                    AssertSame(
                        known.Values,
                        known.ElementType == OnnxElementType.Bool
                            ? [.. output.Bytes.ToArray().Select(element => (long)element)]
                            : MemoryMarshal.Cast<byte, long>(output.Bytes),
                        symbols,
                        $"value of {values[index]}");
            });
        }
    }

    private static void AssertSame(SymbolicInteger[] claimed, ReadOnlySpan<long> actual, Dictionary<int, long> symbols, string what)
    {
        Assert.AreEqual(actual.Length, claimed.Length, what);
        for (int i = 0; i < claimed.Length; i++)
            if (claimed[i].IsKnown)
                Assert.AreEqual(actual[i], claimed[i].Value, what);
            else if (!symbols.TryAdd(claimed[i].Symbol, actual[i]))
                Assert.AreEqual(actual[i], symbols[claimed[i].Symbol], what);
    }
}
