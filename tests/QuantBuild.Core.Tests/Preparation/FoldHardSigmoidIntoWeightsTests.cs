using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FoldHardSigmoidIntoWeightsTests
{
    [TestMethod]
    public void Run_KnownNumbers_WeightsAndBiasByHand()
    {
        (OnnxModel model, _) = new FoldHardSigmoidIntoWeights().Run(
            Model().Node("Conv", "x w b", "c").Node("HardSigmoid", "c", "y", ("alpha", 0.25f), ("beta", 0.5f)));

        CollectionAssert.AreEqual(new[] { "Conv", "Clip" }, model.Operators());
        CollectionAssert.AreEqual(new float[] { 2, 3 }, Input(model, 0, 1));
        CollectionAssert.AreEqual(new[] { 0.75f, 0.25f }, Input(model, 0, 2));
        CollectionAssert.AreEqual(new float[] { 0 }, Input(model, 1, 1));
        CollectionAssert.AreEqual(new float[] { 1 }, Input(model, 1, 2));
        Assert.AreEqual(0, model.Graph.Nodes[1].AttributeNames.Count());
    }

    [TestMethod]
    public void Run_NumbersLeftOut_AreThoseOfTheStandard()
    {
        (OnnxModel model, _) = new FoldHardSigmoidIntoWeights().Run(Model().Node("Conv", "x w b", "c").Node("HardSigmoid", "c", "y"));

        Assert.AreEqual(0.2f * 8, Input(model, 0, 1)[0], 1e-6f);
        Assert.AreEqual(0.5f + 0.2f, Input(model, 0, 2)[0], 1e-6f);
    }

    [TestMethod]
    public void Run_HardSwish_Stays() =>
        new FoldHardSigmoidIntoWeights().AssertIgnores(Model().Node("Conv", "x w b", "c").Node("HardSigmoid", "c", "h")
            .Node("Mul", "c h", "y"));

    [TestMethod]
    public void Run_SharedWeights_Declines() =>
        new FoldHardSigmoidIntoWeights().AssertDeclines(
            Model().Node("Conv", "x w b", "c").Node("HardSigmoid", "c", "y").Node("Conv", "x w", "z").Output("z"), "are shared");

    [TestMethod]
    public void Run_WeightsFromAnInput_Declines() =>
        new FoldHardSigmoidIntoWeights().AssertDeclines(
            Model().Input("v", "2,1,1").Node("Conv", "x v", "c").Node("HardSigmoid", "c", "y"), "weights of Conv 'c' are not constant");

    private static float[] Input(OnnxModel model, int node, int input) =>
        model.Graph.InitializerOf(model.Graph.Nodes[node].Inputs[input])!.Floats.ToArray();

    private static ModelBuilder Model() =>
        new ModelBuilder().Input("x", "n,1,4").Floats("w", [2, 1, 1], 8, 12).Floats("b", [2], 1, -1).Output("y");
}
