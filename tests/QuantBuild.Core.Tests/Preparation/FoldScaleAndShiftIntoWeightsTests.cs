using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FoldScaleAndShiftIntoWeightsTests
{
    [TestMethod]
    public void Run_KnownNumbers_WeightsAndBiasByHand()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", "n,1,4").Floats("w", [2, 1, 1], 2, 3).Floats("b", [2], 1, -1)
            .Node("Conv", "x w b", "c")
            .Floats("scale", [2], 4, 1).Floats("shift", [2], 10, 20).Floats("mean", [2], 3, 5).Floats("variance", [2], 3.99f, 0.24f)
            .Node("BatchNormalization", "c scale shift mean variance", "y", ("epsilon", 0.01f)).Output("y");

        (OnnxModel model, _) = new FoldScaleAndShiftIntoWeights().Run(builder);

        // a = [4/2, 1/0.5] = [2, 2]; W' = a·W; b' = a·(b − μ) + β
        CollectionAssert.AreEqual(new float[] { 4, 6 }, Rounded(model, 1));
        CollectionAssert.AreEqual(new float[] { 6, 8 }, Rounded(model, 2));
        Assert.AreEqual("y", model.Graph.Nodes.Single().Outputs[0]);
    }

    [TestMethod]
    public void Run_WeightsSharedWithAnotherConv_OtherKeepsThem()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoWeights().Run(Model().Node("Conv", "x w", "z").Output("z"));

        Assert.AreEqual("w", model.Graph.ProducerOf("z")!.Inputs[1]);
        Assert.AreNotEqual("w", model.Graph.ProducerOf("y")!.Inputs[1]);
    }

    [TestMethod]
    public void Run_OtherReader_Declines() => Declines(Model().Node("Neg", "c", "z").Output("z"), "other readers");

    [TestMethod]
    public void Run_ConvIsAnOutput_Declines() => Declines(Model().Output("c"), "is an output of the model");

    [TestMethod]
    public void Run_ReadByABody_Declines() =>
        Declines(
            Model().Input("choice", "", OnnxElementType.Bool)
                .Node("If", "choice", "z", ("then_branch", new GraphBuilder().Node("Neg", "c", "t").Output("t"))).Output("z"),
            "other readers");

    [TestMethod]
    public void Run_TrainingMode_Declines() => Declines(Model(attributes: ("training_mode", 1)), "training mode");

    [TestMethod]
    public void Run_WeightsFromAnInput_Declines() => Declines(Model(weights: "v"), "weights of Conv 'c' are not constant");

    [TestMethod]
    public void Run_BiasFromAnInput_Declines() => Declines(Model(weights: "w v"), "bias of Conv 'c' is not constant");

    [TestMethod]
    public void Run_ParametersOfAnotherLength_Declines() => Declines(Model(channels: 3), "one per channel");

    [TestMethod]
    public void Run_NegativeVariance_Declines() => Declines(Model(variance: -1), "not finite");

    [TestMethod]
    public void Run_OutputsForStatistics_Declines() => Declines(Model(outputs: "y m2 v2 m3 v3"), "training mode");

    [TestMethod]
    public void Run_ArithmeticByHand_WeightsAndBias()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoWeights().Run(Convolved().Floats("k", [1, 2, 1], 2, 4).Floats("d", [1], 0.5f)
            .Node("Add", "c k", "a").Node("Div", "a d", "e").Node("Sub", "k e", "y"));

        // k − (Wx + b + k) / 0.5
        CollectionAssert.AreEqual(new float[] { -4, -4, -4, -6, -6, -6 }, Rounded(model, 1));
        CollectionAssert.AreEqual(new float[] { 2 - 6, 4 - 6 }, Rounded(model, 2));
        Assert.AreEqual("y", model.Graph.Nodes.Single().Outputs[0]);
    }

    [TestMethod]
    public void Run_AddThenNormalization_BothFold()
    {
        (OnnxModel model, PassOutcome outcome) = new FoldScaleAndShiftIntoWeights().Run(Convolved().Floats("k", [2, 1], 2, 4)
            .Floats("one", [2], 1, 1).Node("Add", "k c", "a").Node("BatchNormalization", "a one one one one", "y", ("epsilon", 0f)));

        Assert.AreEqual(2, outcome.Applied);
        CollectionAssert.AreEqual(new float[] { 1 + 2, -1 + 4 }, Rounded(model, 2));
    }

    [TestMethod]
    public void Run_AddBehindSharedWeights_KeepsThemShared()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoWeights().Run(
            Convolved().Floats("k", [1], 3).Node("Add", "c k", "y").Node("Conv", "x w", "z").Output("z"));

        Assert.AreEqual("w", model.Graph.ProducerOf("y")!.Inputs[1]);
        Assert.AreEqual("w", model.Graph.ProducerOf("z")!.Inputs[1]);
    }

    [TestMethod]
    public void Run_MulBehindSharedWeights_Declines() =>
        Declines(Convolved().Floats("k", [1], 3).Node("Mul", "c k", "y").Node("Conv", "x w", "z").Output("z"), "are shared");

    [TestMethod]
    [DataRow("Mul", "c lengths", DisplayName = "one per position")]
    [DataRow("Div", "k c", DisplayName = "divided by the product")]
    [DataRow("Div", "c none", DisplayName = "divided by zero")]
    [DataRow("Add", "c batch", DisplayName = "more axes than the product")]
    [DataRow("Add", "c c", DisplayName = "no constant")]
    public void Run_NotAScaleOfChannels_Ignored(string opType, string inputs) => new FoldScaleAndShiftIntoWeights().AssertIgnores(
        Convolved().Floats("k", [1], 3).Floats("none", [1], 0).Weights("lengths", 1, 1, 2).Floats("batch", [1, 1, 1, 1], 3)
            .Node(opType, inputs, "y"));

    private static ModelBuilder Convolved() => new ModelBuilder().Input("x", "n,1,4").Floats("w", [2, 1, 3], 2, 2, 2, 3, 3, 3)
        .Floats("b", [2], 1, -1)
        .Node("Conv", "x w b", "c").Output("y");

    private static void Declines(ModelBuilder model, string reason) => new FoldScaleAndShiftIntoWeights().AssertDeclines(model, reason);

    private static float[] Rounded(OnnxModel model, int input) =>
        [.. model.Graph.InitializerOf(model.Graph.Nodes[0].Inputs[input])!.Floats.ToArray().Select(value => MathF.Round(value, 5))];

    private static ModelBuilder Model(
        string weights = "w", int channels = 2, float variance = 1, string outputs = "y", params (string, object)[] attributes) =>
        new ModelBuilder().Input("x", "n,1,4").Input("v", "2,1,3").Weights("w", 2, 1, 3).Node("Conv", $"x {weights}", "c")
            .Weights("scale", channels)
            .Weights("shift", channels).Weights("mean", channels).Floats("variance", [channels], [.. Enumerable.Repeat(variance, channels)])
            .Node("BatchNormalization", "c scale shift mean variance", outputs, attributes).Output("y");
}
