using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class RemovePassThroughNodesTests
{
    [TestMethod]
    public void Run_ChainToAnOutput_ProducerTakesItsName()
    {
        (OnnxModel model, PassOutcome outcome) = new RemovePassThroughNodes().Run(
            Model(17).Node("Relu", "x", "r").Node("Identity", "r", "i").Node("Dropout", "i", "d").Node("Identity", "d", "y"));

        CollectionAssert.AreEqual(new[] { "Relu" }, model.Operators());
        Assert.AreEqual("y", model.Graph.Nodes[0].Outputs[0]);
        Assert.AreEqual(3, outcome.Applied);
    }

    [TestMethod]
    public void Run_IdentityFromInputToOutput_Declines() =>
        new RemovePassThroughNodes().AssertDeclines(Model(17).Node("Identity", "x", "y"), "interface");

    [TestMethod]
    public void Run_DropoutOfOldOpset_IsForInference()
    {
        (OnnxModel model, _) = new RemovePassThroughNodes()
            .Run(Model(7).Node("Dropout", "x", "d mask", ("ratio", 0.5f)).Node("Neg", "d", "y"));

        CollectionAssert.AreEqual(new[] { "Neg" }, model.Operators());
    }

    [TestMethod]
    public void Run_MaskRead_Declines() =>
        new RemovePassThroughNodes()
            .AssertDeclines(Model(17).Node("Dropout", "x", "d mask").Node("Neg", "d", "y")
            .Output("mask", null, OnnxElementType.Bool), "second output");

    [TestMethod]
    public void Run_TrainingModeFalse_Removed()
    {
        (OnnxModel model, _) = new RemovePassThroughNodes()
            .Run(Model(17).Initializer("train", Bool(0)).Node("Dropout", "x - train", "d").Node("Neg", "d", "y"));

        CollectionAssert.AreEqual(new[] { "Neg" }, model.Operators());
    }

    [TestMethod]
    public void Run_TrainingModeTrue_Declines() =>
        new RemovePassThroughNodes()
            .AssertDeclines(Model(17).Initializer("train", Bool(1)).Node("Dropout", "x - train", "d")
            .Node("Neg", "d", "y"), "training mode");

    [TestMethod]
    public void Run_TrainingModeFromInput_Declines() =>
        new RemovePassThroughNodes().AssertDeclines(
            Model(17).Input("train", "", OnnxElementType.Bool).Node("Dropout", "x - train", "d")
                .Node("Neg", "d", "y"), "decided at run time by 'train'");

    [TestMethod]
    public void Run_CastToTheSameType_FollowsShapeArithmetic()
    {
        (OnnxModel model, _) = new RemovePassThroughNodes()
            .Run(Model(17).Int64s("first", 0).Node("Shape", "x", "s").Node("Gather", "s first", "g")
            .Node("Cast", "g", "c", ("to", (int)OnnxElementType.Int64)).Node("Expand", "x c", "y"));

        CollectionAssert.AreEqual(new[] { "Shape", "Gather", "Expand" }, model.Operators());
    }

    [TestMethod]
    public void Run_CastToAnotherOrOfUnknownType_Stays()
    {
        new RemovePassThroughNodes()
            .AssertIgnores(Model(17).Node("Cast", "x", "c", ("to", (int)OnnxElementType.Double)).Node("Neg", "c", "y"));
        new RemovePassThroughNodes().AssertIgnores(
            Model(17).Domain("other", 1).Node("Custom", "x", "u", ("domain", "other"))
                .Node("Cast", "u", "c", ("to", (int)OnnxElementType.Float)).Node("Neg", "c", "y"));
    }

    private static ModelBuilder Model(int opset) => new ModelBuilder(opset).Input("x", "3").Output("y");

    private static OnnxTensor Bool(byte value) => OnnxTensor.Create(OnnxElementType.Bool, [], [value]);
}
