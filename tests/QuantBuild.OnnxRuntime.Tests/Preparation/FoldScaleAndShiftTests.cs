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
