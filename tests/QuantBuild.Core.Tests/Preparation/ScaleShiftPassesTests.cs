using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

/// <summary><see cref="FoldScaleAndShiftIntoNextConv"/> and <see cref="ScaleAndShiftToConv"/>.</summary>
[TestClass]
public sealed class ScaleShiftPassesTests
{
    [TestMethod]
    public void FoldIntoNext_KnownNumbers_WeightsAndBiasByHand()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoNextConv().Run(
            new ModelBuilder().Input("x", "n,2,4,4").Floats("scale", [1, 2, 1, 1], 2, 3).Floats("shift", [1], 10)
                .Floats("w", [1, 2, 1, 1], 5, 7)
                .Floats("b", [1], 1).Node("Mul", "x scale", "m").Node("Add", "shift m", "a").Node("Conv", "a w b", "y").Output("y"));

        OnnxNode conv = model.Graph.Nodes.Single();
        Assert.AreEqual("x", conv.Inputs[0]);
        CollectionAssert.AreEqual(new float[] { 10, 21 }, model.Graph.InitializerOf(conv.Inputs[1])!.Floats.ToArray());
        CollectionAssert.AreEqual(new float[] { 1 + 50 + 70 }, model.Graph.InitializerOf(conv.Inputs[2])!.Floats.ToArray());
    }

    [TestMethod]
    [DataRow("pads")]
    [DataRow("auto_pad")]
    public void FoldIntoNext_ShiftBeforePadding_Stays(string attribute) =>
        new FoldScaleAndShiftIntoNextConv().AssertIgnores(Next(
            Images().Node("Add", "x shift", "a"), attribute == "pads" ? ("pads", new[] { 1, 1, 1, 1 }) : ("auto_pad", "SAME_UPPER")));

    [TestMethod]
    public void FoldIntoNext_ScaleBeforePadding_Folds()
    {
        (OnnxModel model, _) = new FoldScaleAndShiftIntoNextConv().Run(Next(Images()
            .Node("Mul", "x shift", "a"), ("pads", new[] { 1, 1, 1, 1 })));

        CollectionAssert.AreEqual(new[] { "Conv" }, model.Operators());
        Assert.AreEqual(2, model.Graph.Nodes[0].Inputs.Count);
    }

    [TestMethod]
    public void FoldIntoNext_OtherReader_Stays() =>
        new FoldScaleAndShiftIntoNextConv().AssertIgnores(Next(Images().Node("Add", "x shift", "a").Node("Neg", "a", "z").Output("z")));

    [TestMethod]
    public void FoldIntoNext_SharedWeights_Declines() =>
        new FoldScaleAndShiftIntoNextConv().AssertDeclines(
            Next(Images().Node("Add", "x shift", "a").Node("Conv", "x w", "z").Output("z")), "are shared");

    [TestMethod]
    public void ToConv_NormalizationOfConcatenatedMaps_DepthwiseConv()
    {
        (OnnxModel model, _) = new ScaleAndShiftToConv().Run(Images().Weights("v", 2, 2, 1, 1)
            .Node("Conv", "x v", "c").Node("Concat", "x c", "k", ("axis", 1)).Weights("n", 4).PositiveWeights("p", 4)
            .Node("BatchNormalization", "k n n n p", "b").Node("Relu", "b", "r").Weights("u", 2, 4, 1, 1).Node("Conv", "r u", "y")
            .Output("y"));

        OnnxNode scaling = model.Graph.ProducerOf("b")!;
        Assert.AreEqual("Conv", scaling.OpType);
        Assert.AreEqual(4, scaling.GetInt("group", 0));
        CollectionAssert.AreEqual(new long[] { 4, 1, 1, 1 }, model.Graph.InitializerOf(scaling.Inputs[1])!.Shape.ToArray());
    }

    [TestMethod]
    public void ToConv_ScaleAndShiftBehindAnActivation_OneConv()
    {
        (OnnxModel model, _) = new ScaleAndShiftToConv().Run(Between(Images()
            .Node("Conv", "x v", "c").Node("Relu", "c", "r").Node("Mul", "r factor", "m").Node("Add", "m shift", "a")));

        CollectionAssert.AreEqual(new[] { "Conv", "Relu", "Conv", "Conv" }, model.Operators());
        OnnxNode scaling = model.Graph.ProducerOf("a")!;
        CollectionAssert.AreEqual(new float[] { 3, 3 }, model.Graph.InitializerOf(scaling.Inputs[1])!.Floats.ToArray());
        CollectionAssert.AreEqual(new float[] { 4, 5 }, model.Graph.InitializerOf(scaling.Inputs[2])!.Floats.ToArray());
    }

    [TestMethod]
    public void ToConv_OfTheModelsInput_Stays() => new ScaleAndShiftToConv().AssertIgnores(Between(Images().Node("Add", "x shift", "a")));

    [TestMethod]
    public void ToConv_NoConvolutionBehind_Stays() =>
        new ScaleAndShiftToConv().AssertIgnores(
            Images().Weights("v", 2, 2, 1, 1).Node("Conv", "x v", "c").Node("Add", "c shift", "a").Node("Exp", "a", "y").Output("y"));

    /// <summary>As nets with learned factors behind their activations have it.</summary>
    [TestMethod]
    public void ToConv_OneNumberForAllChannelsBehindARelu_IsDepthwise()
    {
        (OnnxModel model, _) = new ScaleAndShiftToConv().Run(
            Between(Images().Node("Conv", "x v", "c").Node("Relu", "c", "r").Node("Mul", "r factor", "a")));

        Assert.AreEqual(3, model.Graph.Nodes.Count(node => node.Is("Conv")), string.Join(' ', model.Operators()));
    }

    [TestMethod]
    public void ToConv_OneNumberForAllChannels_IsPartOfAnActivation() =>
        new ScaleAndShiftToConv().AssertIgnores(Between(Images().Node("Conv", "x v", "c").Node("Mul", "c factor", "m").Node("Tanh", "m", "t")
            .Node("Add", "t factor", "s").Node("Mul", "c s", "a")));

    private static ModelBuilder Images() =>
        new ModelBuilder().Input("x", "n,2,4,4").Floats("shift", [1, 2, 1, 1], 4, 5).Floats("factor", [1], 3).Weights("w", 2, 2, 1, 1);

    private static ModelBuilder Next(ModelBuilder model, params (string, object)[] attributes) =>
        model.Node("Conv", "a w", "y", attributes).Output("y");

    private static ModelBuilder Between(ModelBuilder model) =>
        model.Weights("v", 2, 2, 1, 1).Node("Conv", "a w", "y", ("pads", new[] { 1, 1, 1, 1 })).Output("y");
}
