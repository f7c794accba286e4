using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FoldScaleAndShiftIntoMatricesTests
{
    [TestMethod]
    public void Run_BetaOfGemm_MovesIntoTheBias()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoWeights().Run(
            Normalized(Matrix().Floats("b", [2], 1, 2).Node("Gemm", "x w b", "c", ("beta", 3f), ("alpha", 2f))));

        OnnxNode gemm = model.Graph.Nodes.Single();
        CollectionAssert.AreEqual(new[] { "alpha" }, gemm.AttributeNames.ToArray());
        // a = 1, μ = 0, β = 0: the bias is beta · b
        CollectionAssert.AreEqual(new float[] { 3, 6 }, model.Graph.InitializerOf(gemm.Inputs[2])!.Floats.ToArray());
    }

    [TestMethod]
    public void Run_MatMulOfThreeAxes_IsNotTheChannelAxis() =>
        new FoldScaleAndShiftIntoWeights()
            .AssertIgnores(Normalized(new ModelBuilder().Input("x", "n,2,3").Weights("w", 3, 2).Node("MatMul", "x w", "c")));

    [TestMethod]
    public void Run_MatMulOfUnknownRank_Stays() =>
        new FoldScaleAndShiftIntoWeights()
            .AssertIgnores(Normalized(new ModelBuilder().Input("x", null).Weights("w", 3, 2).Node("MatMul", "x w", "c")));

    [TestMethod]
    public void Run_BiasPerRow_Declines() =>
        new FoldScaleAndShiftIntoWeights().AssertDeclines(
            Normalized(Matrix().Weights("b", 2, 1).Node("Gemm", "x w b", "c")), "one value per channel");

    [TestMethod]
    public void Run_WeightsFromAnInput_Declines() =>
        new FoldScaleAndShiftIntoWeights()
            .AssertDeclines(Normalized(Matrix().Input("v", "3,2").Node("Gemm", "x v", "c")), "weights of Gemm 'c'");

    [TestMethod]
    public void Run_OtherReader_Declines() =>
        new FoldScaleAndShiftIntoWeights()
            .AssertDeclines(Normalized(Matrix().Node("Gemm", "x w", "c")).Node("Neg", "c", "z").Output("z"), "other readers");

    private static ModelBuilder Matrix() => new ModelBuilder().Input("x", "n,3").Weights("w", 3, 2);

    private static ModelBuilder Normalized(ModelBuilder model) => model.Floats("one", [2], 1, 1).Floats("zero", [2], 0, 0)
        .Node("BatchNormalization", "c one zero zero one", "y", ("epsilon", 0f)).Output("y");
}
