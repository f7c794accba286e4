using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FoldGemmFactorsTests
{
    [TestMethod]
    public void Run_AlphaAndBeta_MoveIntoTheConstants()
    {
        (OnnxModel model, _) = new FoldGemmFactors().Run(
            Model().Floats("b", [2], 1, 2).Node("Gemm", "x w b", "y", ("alpha", 0.5f), ("beta", 3f), ("transB", 1)));

        OnnxNode gemm = model.Graph.Nodes.Single();
        CollectionAssert.AreEqual(new[] { "transB" }, gemm.AttributeNames.ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2, 3, 4 }, model.Graph.InitializerOf(gemm.Inputs[1])!.Floats.ToArray());
        CollectionAssert.AreEqual(new[] { 3f, 6 }, model.Graph.InitializerOf(gemm.Inputs[2])!.Floats.ToArray());
    }

    [TestMethod]
    public void Run_WeightsOfAnotherNode_AreNotChanged()
    {
        (OnnxModel model, _) = new FoldGemmFactors().Run(
            Model().Output("z").Node("Gemm", "x w", "y", ("alpha", 0.5f)).Node("Gemm", "x w", "z"));

        Assert.AreEqual(2f, model.Graph.InitializerOf(model.Graph.ProducerOf("z")!.Inputs[1])!.Floats[0]);
    }

    [TestMethod]
    public void Run_BetaWithoutBias_IsDropped()
    {
        (OnnxModel model, _) = new FoldGemmFactors().Run(Model().Node("Gemm", "x w", "y", ("beta", 0.5f)));

        Assert.AreEqual(0, model.Graph.Nodes.Single().AttributeNames.Count());
    }

    [TestMethod]
    public void Run_ComputedWeights_Declines() => new FoldGemmFactors().AssertDeclines(
        Model().Input("v", "2,2").Node("Gemm", "x v", "y", ("alpha", 0.5f)), "what alpha scales is not a float32 constant");

    [TestMethod]
    public void Run_NoFactors_Stays() => new FoldGemmFactors().AssertIgnores(Model().Node("Gemm", "x w", "y", ("alpha", 1f)));

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,2").Output("y").Floats("w", [2, 2], 2, 4, 6, 8);
}
