using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Equalization;

[TestClass]
public sealed class SmoothingTests
{
    [TestMethod]
    public void Normalization_ReadByProductsOnly_TakesTheFactors()
    {
        ModelBuilder model = Normalized().Weights("w1", 8, 5).Weights("w2", 8, 6).Weights("b2", 6)
            .Node("MatMul", "l w1", "y").Node("MatMul", "l w2", "p").Node("Add", "p b2", "z").Output("y").Output("z");

        EqualizationTrial trial = EqualizationTrial.Of(model).AssertSameFunction();

        Assert.AreEqual(0, trial.Count("Mul"));
        Assert.IsLessThan(10, EqualizationTrial.Spread(trial.After!, "l", [64, 4, 8], 2, trial.Input));
    }

    [TestMethod]
    public void Normalization_ReadByOthersToo_TheyKeepTheValue()
    {
        ModelBuilder model = Normalized().Weights("w1", 8, 8).Node("MatMul", "l w1", "p").Node("Sigmoid", "p", "s")
            .Node("Add", "s l", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.Of(model).AssertSameFunction();

        Assert.AreEqual(1, trial.Count("Mul"));
    }

    [TestMethod]
    public void ConstantFactorsAndSummands_TakeTheFactors()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,8").Floats("g", [8], Extremes).Weights("b", 8).Weights("w1", 8, 5)
            .Weights("b1", 5)
            .Node("Tanh", "x", "t").Node("Mul", "t g", "m").Node("Add", "b m", "l").Node("MatMul", "l w1", "p").Node("Add", "p b1", "y")
            .Output("y");

        EqualizationTrial trial = EqualizationTrial.Of(model).AssertSameFunction();

        Assert.AreEqual(1, trial.Count("Mul"));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Value_WithoutConstants_IsMultiplied(int transposed)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,8").Floats("g", [8], Extremes).Floats("one", [], 1).Weights("b1", 5)
            .Initializer("w1", transposed == 1 ? SeededValues.Tensor("w1", -1, 1, 5, 8) : SeededValues.Tensor("w1", -1, 1, 8, 5))
            .Node("Mul", "x g", "m").Node("Tanh", "x", "t").Node("Mul", "m t", "l").Node("Gemm", "l w1 b1", "y", ("transB", transposed))
            .Output("y");

        EqualizationTrial trial = EqualizationTrial.Of(model).AssertSameFunction();

        Assert.AreEqual(3, trial.Count("Mul"));
    }

    [TestMethod]
    public void EvenChannels_StayAsTheyAre()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,8").Weights("w1", 8, 5).Node("Sigmoid", "x", "l")
            .Node("MatMul", "l w1", "y").Output("y");

        EqualizationTrial.Of(model).AssertUnchanged();
    }

    [TestMethod]
    public void SwitchedOff_StaysAsItIs()
    {
        ModelBuilder model = Normalized().Weights("w1", 8, 5).Node("MatMul", "l w1", "y").Output("y");

        EqualizationTrial.Of(model, smooth: false).AssertUnchanged();
    }

    private static float[] Extremes => [20, 1, 1, 0.8f, 1.2f, 1, -1, 1];

    private static ModelBuilder Normalized() => new ModelBuilder().Input("x", "n,4,8").Floats("scale", [8], Extremes).Weights("shift", 8)
        .Node("LayerNormalization", "x scale shift", "l", ("axis", -1));
}
