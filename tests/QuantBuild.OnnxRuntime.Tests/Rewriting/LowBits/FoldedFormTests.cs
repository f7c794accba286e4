using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting.LowBits;

/// <summary>Weights in the folded form are, once the runtime has loaded the model, the float weights that their codes stand for, bit for bit.</summary>
[TestClass]
public sealed class FoldedFormTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    public void EveryWidth_BlockAndGrid_GivesTheValues(int bits)
    {
        foreach (int opset in (int[])[13, 21])
            foreach (int block in (int[])[0, 4, 8, 16])
                foreach (GridKind kind in (GridKind[])[
                    GridKind.Symmetric, GridKind.Asymmetric, GridKind.Codebook, GridKind.SeveralCodebooks, GridKind.Asymmetric | GridKind.HalfScales])
                    foreach (int inputs in (int[])[24, 21])
                    {
                        LowBitWeight weight = LowBitSamples.Weight("w", [inputs, 7], new ChannelAxes(1), bits, block, kind);
                        LowBitWeight rows = LowBitSamples.Weight("r", [7, inputs], new ChannelAxes(0), bits, block, kind);
                        LowBitTrial trial = LowBitTrial.Of(
                            new ModelBuilder(opset).Input("x", $"n,{inputs}").Output("y").Output("z").Initializer("w", OnnxTensor.Float([inputs, 7], weight.ToTensor()))
                                .Initializer("r", OnnxTensor.Float([7, inputs], rows.ToTensor())).Node("MatMul", "x w", "y").Node("Gemm", "x r", "z", ("transB", 1)),
                            ("w", weight, LowBitForm.Folded), ("r", rows, LowBitForm.Folded));

                        string what = $"{bits} bits, block {block}, {kind}, {inputs} inputs, opset {opset}";
                        CollectionAssert.AreEquivalent(new[] { "MatMul", "Gemm" }, trial.Operators().Split(' '), what);
                        trial.AssertSame(SeededValues.FloatInput("x", 3, inputs));
                    }
    }

    [TestMethod]
    [DataRow(2, 0)]
    [DataRow(4, 4)]
    [DataRow(3, 6)]
    [DataRow(5, 9)]
    public void EveryReader_IsServed(int bits, int block)
    {
        var weights = new List<(string, LowBitWeight, LowBitForm)>();
        GraphBuilder body = Add(new GraphBuilder(), "k", [16, 32], new ChannelAxes(1)).Node("MatMul", "e k", "inside").Output("inside");
        GraphBuilder captures = new GraphBuilder().Node("MatMul", "e m", "outside").Output("outside");
        ModelBuilder model = new ModelBuilder().Input("x", "2,6,6,6").Input("p", "", OnnxElementType.Bool).Output("y").Output("z").Output("q");
        Put("c", [16, 6, 3, 3], new ChannelAxes(0));
        Put("t", [16, 12, 2, 2], new ChannelAxes(1));
        Put("g", [16, 12], new ChannelAxes(0));
        Put("m", [16, 32], new ChannelAxes(1));
        Put("f", [1, 48, 16], new ChannelAxes(0, 2));
        Put("r", [1, 48, 16], new ChannelAxes(0, 2));
        Put("v", [11, 5], new ChannelAxes(0));
        model.Node("Conv", "x c", "a").Node("ConvTranspose", "a t", "b", ("strides", new[] { 2, 2 }))
            .Node("ReduceMean", "b", "d", ("axes", new[] { 2, 3 }), ("keepdims", 0)).Node("Gemm", "d g", "e", ("transB", 1))
            .Node("If", "p", "y", ("then_branch", body), ("else_branch", captures))
            .Int64s("first", 0).Node("Unsqueeze", "e first", "s").Node("GRU", "s f r", "z", ("hidden_size", 16))
            .Node("ArgMax", "e", "i", ("axis", 1), ("keepdims", 0)).Int64s("ten", 10).Node("Min", "i ten", "j").Node("Gather", "v j", "q");

        LowBitTrial trial = LowBitTrial.Of(model, [.. weights]);

        string operators = trial.Operators();
        foreach (string unpacking in (string[])["BitShift", "Cast", "Mul", "Split", "Expand", "Transpose"])
            Assert.IsFalse(operators.Split(' ').Contains(unpacking), operators);
        for (byte branch = 0; branch < 2; branch++)
            trial.AssertSame(SeededValues.FloatInput("x", 2, 6, 6, 6), new InputTensor("p", OnnxElementType.Bool, [], new[] { branch }));

        void Put(string name, long[] shape, ChannelAxes axes)
        {
            LowBitWeight weight = LowBitSamples.Weight(name, shape, axes, bits, block);
            weights.Add((name, weight, LowBitForm.Folded));
            model.Initializer(name, OnnxTensor.Float(shape, weight.ToTensor()));
        }

        GraphBuilder Add(GraphBuilder graph, string name, long[] shape, ChannelAxes axes)
        {
            LowBitWeight weight = LowBitSamples.Weight(name, shape, axes, bits, block);
            weights.Add((name, weight, LowBitForm.Folded));
            return graph.Initializer(name, OnnxTensor.Float(shape, weight.ToTensor()));
        }
    }

    /// <summary>Folding has no limit that a weight reaches: 2 million values.</summary>
    [TestMethod]
    [DataRow(1, 13)]
    [DataRow(3, 13)]
    [DataRow(4, 13)]
    [DataRow(4, 21)]
    public void LargeWeight_GoesToTheFileAndIsRestored(int bits, int opset)
    {
        using var folder = new TemporaryFolder();
        LowBitWeight weight = LowBitSamples.Weight("w", [1999, 1051], new ChannelAxes(1), bits, 128);
        OnnxModel model = new ModelBuilder(opset).Input("x", "n,1999").Output("y").Initializer("w", OnnxTensor.Float([1999, 1051], weight.ToTensor()))
            .Node("MatMul", "x w", "y").Build();
        using var file = new WeightFile(Path.Combine(folder.Path, "weights.data"));

        ModelImage image = LowBitTrial.Rewrite(model, 0, file, ("w", weight, LowBitForm.Folded));

        Assert.IsTrue(image.Message.Length < 4096, $"{image.Message.Length} bytes beside the file");
        long codes = 1999L * 1051 * bits / 8;
        long scales = 4L * 16 * 1051;
        Assert.IsTrue(image.SizeBytes < codes + scales + 4096, $"{image.SizeBytes} bytes for {codes} of codes and {scales} of scales");
        var trial = new LowBitTrial(model, image);
        Assert.AreEqual("MatMul", trial.Operators());
        trial.AssertSame(SeededValues.FloatInput("x", 2, 1999));
    }
}
