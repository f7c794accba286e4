using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation;

[TestClass]
public sealed class FoldScaleAndShiftTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Fold_Conv_SameWithinTolerance(int group)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,h,w").Weights("w", 6, 4 / group, 3, 3).Weights("b", 6)
            .Node("Conv", "x w b", "c", ("group", group), ("pads", new[] { 1, 1, 1, 1 }));

        AssertFolds(Normalized(model, "c", 6), new FoldScaleAndShiftIntoWeights(), "Conv", SeededValues.FloatInput("x", 2, 4, 7, 6));
    }

    [TestMethod]
    public void Fold_ConvWithoutBias_BiasIsCreated()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,l").Weights("w", 6, 4, 3).Node("Conv", "x w", "c");

        OnnxModel folded = AssertFolds(Normalized(model, "c", 6), new FoldScaleAndShiftIntoWeights(), "Conv",
            SeededValues.FloatInput("x", 2, 4, 9));

        Assert.AreEqual(3, folded.Graph.Nodes[0].Inputs.Count);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Fold_ConvTranspose_SameWithinTolerance(int group)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,h,w").Weights("w", 4, 6 / group, 3, 2)
            .Node("ConvTranspose", "x w", "c", ("group", group), ("strides", new[] { 2, 1 }));

        AssertFolds(Normalized(model, "c", 6), new FoldScaleAndShiftIntoWeights(), "ConvTranspose",
            SeededValues.FloatInput("x", 2, 4, 5, 6));
    }

    [TestMethod]
    [DataRow(0, 1f, 1f)]
    [DataRow(1, 1f, 1f)]
    [DataRow(1, 0.5f, -2f)]
    public void Fold_Gemm_SameWithinTolerance(int transposed, float alpha, float beta)
    {
        long[] shape = transposed == 0 ? [5, 3] : [3, 5];
        ModelBuilder model = new ModelBuilder().Input("x", "n,5").Weights("w", shape).Weights("b", 1, 3)
            .Node("Gemm", "x w b", "c", ("transB", transposed), ("alpha", alpha), ("beta", beta));

        AssertFolds(Normalized(model, "c", 3), new FoldScaleAndShiftIntoWeights(), "Gemm", SeededValues.FloatInput("x", 4, 5));
    }

    [TestMethod]
    public void Fold_GemmWithScalarBias_SameWithinTolerance()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,5").Weights("w", 5, 3).Weights("b", 1)
            .Node("Gemm", "x w b", "c", ("beta", 3f));

        AssertFolds(Normalized(model, "c", 3), new FoldScaleAndShiftIntoWeights(), "Gemm", SeededValues.FloatInput("x", 4, 5));
    }

    [TestMethod]
    public void Fold_MatMulOfMatrix_BecomesGemm()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,5").Weights("w", 5, 3).Node("MatMul", "x w", "c");

        AssertFolds(Normalized(model, "c", 3), new FoldScaleAndShiftIntoWeights(), "Gemm", SeededValues.FloatInput("x", 4, 5));
    }

    [TestMethod]
    [DataRow("Conv", "w", 1)]
    [DataRow("Conv", "w", 2)]
    [DataRow("ConvTranspose", "t", 1)]
    [DataRow("ConvTranspose", "t", 2)]
    public void Fold_ArithmeticBehindConvolution_SameWithinTolerance(string opType, string weight, int group)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,h,w").Weights("w", 6, 4 / group, 3, 3).Weights("t", 4, 6 / group, 3, 3)
            .Weights("shift", 1, 6, 1, 1).Weights("scale", 6, 1, 1).Weights("one", 1)
            .Node(opType, $"x {weight}", "c", ("group", group)).Node("Add", "shift c", "a").Node("Mul", "a scale", "m")
            .Node("Sub", "one m", "s")
            .Node("Div", "s one", "y").Output("y");

        AssertFolds(model, new FoldScaleAndShiftIntoWeights(), opType, SeededValues.FloatInput("x", 2, 4, 7, 6));
    }

    [TestMethod]
    public void Fold_ArithmeticBehindGemm_SameWithinTolerance() => AssertFolds(
        new ModelBuilder().Input("x", "n,5").Weights("w", 3, 5).Weights("b", 3).Weights("shift", 1, 3).Weights("scale", 3)
            .Node("Gemm", "x w b", "c", ("transB", 1), ("alpha", 0.5f), ("beta", 3f)).Node("Mul", "c scale", "m")
            .Node("Add", "m shift", "y").Output("y"),
        new FoldScaleAndShiftIntoWeights(), "Gemm", SeededValues.FloatInput("x", 4, 5));

    [TestMethod]
    public void Fold_FactorBehindMatMulOfThreeAxes_SameWithinTolerance() => AssertFolds(
        new ModelBuilder().Input("x", "n,2,5").Weights("w", 5, 3).Weights("scale", 3).Node("MatMul", "x w", "c")
            .Node("Div", "c scale", "y").Output("y"),
        new FoldScaleAndShiftIntoWeights(), "MatMul", SeededValues.FloatInput("x", 4, 2, 5));

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void FoldIntoNext_OfEveryGroup_SameWithinTolerance(int group) => AssertFolds(
        new ModelBuilder().Input("x", "n,4,h,w").Weights("shift", 4, 1, 1).Weights("scale", 1, 4, 1, 1).Weights("w", 8, 4 / group, 3, 2)
            .Weights("b", 8)
            .Node("Mul", "x scale", "m").Node("Sub", "m shift", "a").Node("Conv", "a w b", "y", ("group", group)).Output("y"),
        new FoldScaleAndShiftIntoNextConv(), "Conv", SeededValues.FloatInput("x", 2, 4, 7, 6));

    [TestMethod]
    public void FoldIntoNext_ScaleBeforePadding_SameWithinTolerance() => AssertFolds(
        new ModelBuilder().Input("x", "n,4,h,w").Weights("scale", 4, 1, 1).Weights("w", 8, 4, 3, 3).Node("Mul", "scale x", "m")
            .Node("Conv", "m w", "y", ("pads", new[] { 1, 1, 1, 1 })).Output("y"),
        new FoldScaleAndShiftIntoNextConv(), "Conv", SeededValues.FloatInput("x", 2, 4, 7, 6));

    [TestMethod]
    public void ToConv_NormalizationBetweenConvolutions_SameWithinTolerance()
    {
        OnnxModel model = Oracle.AssertClose(
            Normalized(
                new ModelBuilder().Input("x", "n,4,h,w").Weights("w", 4, 4, 3, 3).Weights("v", 4, 4, 1, 1).Node("Conv", "x w", "o")
                    .Node("Relu", "o", "r"),
                "r",
                4).Node("Conv", "y v", "z").Output("z"),
            new ScaleAndShiftToConv(),
            SeededValues.FloatInput("x", 2, 4, 7, 6));

        Assert.AreEqual("Conv", model.Graph.ProducerOf("y")!.OpType);
    }

    [TestMethod]
    [DataRow("Conv", 2)]
    [DataRow("ConvTranspose", 2)]
    public void FoldHardSigmoid_SameWithinTolerance(string opType, int group) => Oracle.AssertClose(
        new ModelBuilder().Input("x", "n,4,h,w").Weights("w", 4, 4 / group, 3, 3).Node(opType, "x w", "c", ("group", group))
            .Node("HardSigmoid", "c", "y", ("alpha", 0.1f)).Output("y"),
        new FoldHardSigmoidIntoWeights(),
        SeededValues.FloatInput("x", 2, 4, 7, 6));

    private static OnnxModel AssertFolds(ModelBuilder model, IGraphPass pass, string left, Execution.InputTensor input)
    {
        OnnxModel folded = Oracle.AssertClose(model, pass, input);
        Assert.AreEqual(left, folded.Graph.Nodes.Single().OpType);
        Assert.AreEqual("y", folded.Graph.Nodes[0].Outputs[0]);
        return folded;
    }

    private static ModelBuilder Normalized(ModelBuilder model, string value, long channels) => model
        .Weights("scale", channels).Weights("shift", channels).Weights("mean", channels).PositiveWeights("variance", channels)
        .Node("BatchNormalization", $"{value} scale shift mean variance", "y", ("epsilon", 0.01f)).Output("y");
}
