using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>HardSigmoid and HardSwish, in every form in which exporters write them, run in integers between convolutions.</summary>
[TestClass]
public sealed class HardSwishFusionTests
{
    [TestMethod]
    public void HardSwish_IsAnAdditionAndAProduct()
    {
        QuantizationTrial trial = Between(Convolved().Node("HardSwish", "c", "h"))
            .Trial().AssertFuses("Conv", "HardSigmoid", "Mul", "Conv");

        StringAssert.Contains(trial.OptimizedOperators(), "QLinearAdd QLinearMul");
        Assert.IsFalse(trial.OptimizedOperators().Contains("HardSigmoid", StringComparison.Ordinal), trial.OptimizedOperators());
    }

    [TestMethod]
    public void HardSwish_TakenApart_IsTheSame() =>
        Between(Convolved().Node("Add", "c three", "a").Node("Clip", "a zero six", "k").Node("Mul", "c k", "p").Node("Div", "p six", "h"))
            .Trial()
            .AssertFuses("Conv", "HardSigmoid", "Mul", "Conv");

    [TestMethod]
    public void HardSwish_BetweenDepthwiseConvolutions() =>
        Convolved().Weights("d", 8, 1, 3, 3).Node("HardSwish", "c", "h")
            .Node("Conv", "h d", "e", ("group", 8), ("pads", new[] { 1, 1, 1, 1 })).Node("HardSwish", "e", "f").Node("Conv", "f v", "y")
            .Output("y").Trial()
            .AssertFuses("Conv", "HardSigmoid", "Mul", "Conv", "HardSigmoid", "Mul", "Conv");

    [TestMethod]
    public void HardSwish_OtherSlopeAndOffset() =>
        Between(Convolved().Node("HardSigmoid", "c", "g", ("alpha", 0.3f), ("beta", 0.25f)).Node("Mul", "g c", "h")).Trial()
            .AssertFuses("Conv", "HardSigmoid", "Mul", "Conv");

    [TestMethod]
    public void SqueezeExcite_GateIsTheSaturationOfItsConvolution() =>
        Convolved().Weights("s", 2, 8, 1, 1).Weights("e", 8, 2, 1, 1).Node("Relu", "c", "r").Node("GlobalAveragePool", "r", "p")
            .Node("Conv", "p s", "q").Node("Relu", "q", "t").Node("Conv", "t e", "u").Node("HardSigmoid", "u", "g").Node("Mul", "r g", "h")
            .Node("Conv", "h v", "y").Output("y").Trial()
            .AssertFuses("Conv", "GlobalAveragePool", "Conv", "Conv", "Mul", "Conv");

    [TestMethod]
    public void Gate_OfAValueThatIsNotConvolved_IsAnAddition() =>
        Between(Convolved().Node("Conv", "x w", "o").Node("Add", "c o", "s").Node("HardSigmoid", "s", "g").Node("Mul", "c g", "h")).Trial()
            .AssertFuses("Conv", "Conv", "Add", "HardSigmoid", "Mul", "Conv");

    [TestMethod]
    public void HardSwish_RangeOfItsInput_EndsWhereTheGateCloses()
    {
        // Inputs far below −3 are all zero behind the gate, and must not take codes from the others.
        QuantizationTrial trial = Between(new ModelBuilder().Input("x", "n,4,8,8").Weights("w", 8, 4, 1, 1).Weights("v", 8, 8, 1, 1)
            .Floats("b", [8], -20, -20, -20, -20, 0, 0, 0, 0).Node("Conv", "x w b", "c").Node("HardSwish", "c", "h")).Trial()
            .AssertFuses("Conv", "HardSigmoid", "Mul", "Conv");

        Assert.AreEqual(new ReadBounds(-3, float.PositiveInfinity),
            trial.Plan.Activations.Single(activation => activation.Value == "c").Bounds);
    }

    [TestMethod]
    public void ScaleAndShift_BetweenConvolutions_IsADepthwiseConvolution() =>
        Convolved().Weights("s", 8, 1, 1).Weights("t", 1, 8, 1, 1).Weights("d", 8, 8, 3, 3).Node("HardSwish", "c", "h")
            .Node("Mul", "h s", "m")
            .Node("Add", "m t", "a").Node("Conv", "a d", "y", ("pads", new[] { 1, 1, 1, 1 })).Output("y").Trial()
            .AssertFuses("Conv", "HardSigmoid", "Mul", "Conv", "Conv");

    private static ModelBuilder Convolved() => new ModelBuilder().Input("x", "n,4,8,8").Weights("w", 8, 4, 1, 1).Weights("b", 8)
        .Weights("v", 8, 8, 1, 1)
        .Initializer("zero", OnnxTensor.Scalar(0)).Initializer("three", OnnxTensor.Scalar(3)).Initializer("six", OnnxTensor.Scalar(6))
        .Node("Conv", "x w b", "c");

    private static ModelBuilder Between(ModelBuilder model) => model.Node("Conv", "h v", "y").Output("y");
}
