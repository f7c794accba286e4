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

    [TestMethod]
    public void Run_MulBehindMatMulOfAnyRank_ScalesTheColumns()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoWeights().Run(new ModelBuilder().Input("x", "n,2,3")
            .Floats("w", [3, 2], 1, 2, 3, 4, 5, 6)
            .Floats("k", [2], 10, 100).Node("MatMul", "x w", "c").Node("Mul", "k c", "y").Output("y"));

        OnnxNode product = model.Graph.Nodes.Single();
        Assert.AreEqual("MatMul", product.OpType);
        CollectionAssert.AreEqual(new float[] { 10, 200, 30, 400, 50, 600 },
            model.Graph.InitializerOf(product.Inputs[1])!.Floats.ToArray());
    }

    [TestMethod]
    public void Run_AddBehindMatMul_StaysItsBias() => new FoldScaleAndShiftIntoWeights().AssertIgnores(
        Matrix().Weights("k", 2).Node("MatMul", "x w", "c").Node("Add", "c k", "y").Output("y"));

    [TestMethod]
    public void Run_AddBehindGemm_BecomesItsBias()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoWeights().Run(
            Matrix().Floats("k", [2], 5, 6).Node("Gemm", "x w", "c").Node("Sub", "c k", "y").Output("y"));

        CollectionAssert.AreEqual(new float[] { -5, -6 },
            model.Graph.InitializerOf(model.Graph.Nodes.Single().Inputs[2])!.Floats.ToArray());
    }

    private static ModelBuilder Matrix() => new ModelBuilder().Input("x", "n,3").Weights("w", 3, 2);

    private static ModelBuilder Normalized(ModelBuilder model) => model.Floats("one", [2], 1, 1).Floats("zero", [2], 0, 0)
        .Node("BatchNormalization", "c one zero zero one", "y", ("epsilon", 0f)).Output("y");
}
