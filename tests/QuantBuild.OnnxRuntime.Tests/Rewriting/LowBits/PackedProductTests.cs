using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting.LowBits;

/// <summary>Products by matrices that stay packed, and tables that are read by rows.</summary>
[TestClass]
public sealed class PackedProductTests
{
    /// <summary>Sums of a hundred products in another order differ by less than a ten-thousandth of a thousandth.</summary>
    private const double SameArithmetic = 100;

    /// <summary>Activations of 8 bits in blocks keep 40 dB in a product, and less when a product follows.</summary>
    private const double RoundedActivations = 30;

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    [DataRow(8)]
    public void MatMulNBits_EveryBlockAndGrid_IsTheProduct(int bits)
    {
        foreach (int block in (int[])[0, 16, 32, 48, 64, 128, 256, 512])
            foreach (GridKind kind in (GridKind[])[GridKind.Symmetric, GridKind.Asymmetric])
                foreach (int inputs in (int[])[12, 128, 301])
                {
                    LowBitWeight weight = LowBitSamples.Weight("w", [inputs, 7], new ChannelAxes(1), bits, block, kind);
                    LowBitWeight rows = LowBitSamples.Weight("r", [5, 7], new ChannelAxes(0), bits, 0, kind);
                    ModelBuilder model = new ModelBuilder().Input("x", $"n,2,{inputs}").Output("y").Initializer("w", OnnxTensor.Float([inputs, 7], weight.ToTensor()))
                        .Initializer("r", OnnxTensor.Float([5, 7], rows.ToTensor())).Weights("b", 5).Int64s("flat", -1, 7)
                        .Node("MatMul", "x w", "m").Node("Reshape", "m flat", "f").Node("Gemm", "f r b", "y", ("transB", 1));
                    string what = $"{bits} bits, block {block}, {kind}, {inputs} inputs";
                    Assert.IsTrue(LowBitForms.CanHold(LowBitForm.MatMulNBits, bits, inputs, weight.Grid.BlockColumns, isCodebook: false), what);
                    foreach ((int level, double least) in ((int, double)[])[(0, SameArithmetic), (4, RoundedActivations)])
                    {
                        LowBitTrial trial = LowBitTrial.Of(model, level, ("w", weight, LowBitForm.MatMulNBits), ("r", rows, LowBitForm.MatMulNBits));

                        Assert.AreEqual(2, trial.Operators().Split(' ').Count(name => name == "MatMulNBits"), trial.Operators());
                        foreach (int batch in (int[])[1, 6])
                        {
                            double decibels = trial.Decibels(SeededValues.FloatInput("x", batch, 2, inputs));
                            Assert.IsTrue(decibels > least, $"{what}, level {level}: {decibels:F1} dB");
                        }
                    }
                }
    }

    [TestMethod]
    [DataRow("48", new long[] { 48 })]
    [DataRow("n,48", new long[] { 3, 48 })]
    [DataRow(null, new long[] { 2, 1, 3, 48 })]
    public void MatMulNBits_EveryRankOfInput(string? shape, long[] sample)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [48, 7], new ChannelAxes(1), 4, 16, GridKind.Asymmetric);
        LowBitTrial trial = LowBitTrial.Of(
            new ModelBuilder().Input("x", shape).Output("y").Initializer("w", OnnxTensor.Float([48, 7], weight.ToTensor())).Node("MatMul", "x w", "y"),
            ("w", weight, LowBitForm.MatMulNBits));

        Assert.AreEqual("MatMulNBits", trial.Operators());
        Assert.IsTrue(trial.Decibels(SeededValues.FloatInput("x", sample)) > SameArithmetic);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    public void BlockedDequantize_BecomesThePackedProduct(int bits)
    {
        foreach (int block in (int[])[0, 16, 32, 64, 128])
            foreach (GridKind kind in (GridKind[])[GridKind.Symmetric, GridKind.Asymmetric])
            {
                LowBitWeight weight = LowBitSamples.Weight("w", [128, 9], new ChannelAxes(1), bits, block, kind);
                LowBitWeight rows = LowBitSamples.Weight("r", [9, 128], new ChannelAxes(0), bits, block, kind);
                LowBitTrial trial = LowBitTrial.Of(
                    new ModelBuilder(21).Input("x", "n,128").Output("y").Output("z").Initializer("w", OnnxTensor.Float([128, 9], weight.ToTensor()))
                        .Initializer("r", OnnxTensor.Float([9, 128], rows.ToTensor())).Weights("b", 9).Node("MatMul", "x w", "y")
                        .Node("Gemm", "x r b", "z", ("transB", 1)),
                    ("w", weight, LowBitForm.BlockedDequantize), ("r", rows, LowBitForm.BlockedDequantize));

                string what = $"{bits} bits, block {block}, {kind}: {trial.Operators()}";
                Assert.AreEqual(2, trial.Operators().Split(' ').Count(name => name == "MatMulNBits"), what);
                double decibels = trial.Decibels(SeededValues.FloatInput("x", 3, 128));
                Assert.IsTrue(decibels > RoundedActivations, $"{what}: {decibels:F1} dB");
            }
    }

    /// <summary>The operators of opset 21 come with all others of the model raised to it.</summary>
    [TestMethod]
    [DataRow(13)]
    [DataRow(17)]
    [DataRow(18)]
    public void BlockedDequantize_OfAnOlderModel_RaisesIt(int opset)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [32, 8], new ChannelAxes(1), 4, 16);
        bool axesAreInputs = opset >= 18;
        GraphBuilder body = new GraphBuilder().Output("o");
        ModelBuilder model = new ModelBuilder(opset).Input("x", "4,32").Input("p", "", OnnxElementType.Bool).Output("y").Output("z")
            .Initializer("w", OnnxTensor.Float([32, 8], weight.ToTensor())).Int64s("one", 1).Node("MatMul", "x w", "m");
        if (axesAreInputs)
        {
            body.Node("ReduceMax", "x one", "o");
            model.Node("ReduceMean", "m one", "r");
        }
        else
        {
            body.Node("ReduceMax", "x", "o", ("axes", new[] { 1 }));
            model.Node("ReduceMean", "m", "r", ("axes", new[] { 1 }));
        }
        (string, object)[] parts = axesAreInputs ? [("axis", 0), ("num_outputs", 2)] : [("axis", 0)];
        model.Node("Split", "r", "a b", parts).Node("Sub", "a b", "y").Node("If", "p", "z", ("then_branch", body), ("else_branch", body));
        Assert.IsNull(OpsetOfBlocks.WhyNot(model.Build()));

        LowBitTrial trial = LowBitTrial.Of(model, ("w", weight, LowBitForm.BlockedDequantize));

        Assert.AreEqual(21, trial.Image.Opset);
        CollectionAssert.Contains(trial.Operators().Split(' '), "MatMulNBits");
        double decibels = trial.Decibels(SeededValues.FloatInput("x", 4, 32), new Execution.InputTensor("p", OnnxElementType.Bool, [], new byte[] { 1 }));
        Assert.IsTrue(decibels > RoundedActivations, $"{decibels:F1} dB");
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(8)]
    public void GatherBlockQuantized_EveryBlockAndGrid_GivesTheRows(int bits)
    {
        foreach (int opset in (int[])[13, 21])
            foreach (int block in (int[])[0, 16, 32, 48, 512])
                foreach (GridKind kind in (GridKind[])[GridKind.Symmetric, GridKind.Asymmetric])
                {
                    LowBitWeight weight = LowBitSamples.Weight("t", [19, 76], new ChannelAxes(0), bits, block, kind);
                    Assert.IsTrue(LowBitForms.CanHold(LowBitForm.GatherBlockQuantized, bits, 76, weight.Grid.BlockColumns, isCodebook: false));
                    LowBitTrial trial = LowBitTrial.Of(
                        new ModelBuilder(opset).Input("i", "n,s", OnnxElementType.Int64).Output("y").Initializer("t", OnnxTensor.Float([19, 76], weight.ToTensor()))
                            .Node("Gather", "t i", "y"),
                        ("t", weight, LowBitForm.GatherBlockQuantized));

                    Assert.AreEqual("GatherBlockQuantized", trial.Operators());
                    trial.AssertSame(SeededValues.Int64Input("i", [2, 3], 0, 18, 7, -1, 7, 3));
                }
    }
}
