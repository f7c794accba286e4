using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Equalization;

/// <summary>Channels that carry much are made larger in weights of few bits; the model computes what it did.</summary>
[TestClass]
public sealed class ChannelFactorTests
{
    private const int Channels = 32;

    private static readonly float[] Extremes = [.. Enumerable.Range(0, Channels).Select(i => i % 8 == 3 ? 20f : 1f + (0.1f * i))];

    [TestMethod]
    public void Normalization_ReadByProductsOnly_TakesTheFactorsForAllOfThem()
    {
        ModelBuilder model = Normalized().Weights("w1", Channels, 24).Weights("w2", Channels, 40)
            .Node("MatMul", "l w1", "y").Node("MatMul", "l w2", "z").Output("y").Output("z");

        EqualizationTrial trial = EqualizationTrial.OfFewBits(model).AssertSameFunction();

        Assert.AreEqual(0, trial.Count("Mul"));
        float[] first = Factors(trial, "y", 24);
        float[] second = Factors(trial, "z", 40);
        for (int channel = 0; channel < Channels; channel++)
            Assert.AreEqual(first[channel], second[channel], 1e-5 * first[channel], "layers that read one value share factors");
        Assert.IsGreaterThan(2 * first[0], first[3], "the channel that carries much");
    }

    [TestMethod]
    public void Normalization_ReadByOthersToo_TheyKeepTheValue()
    {
        ModelBuilder model = Normalized().Weights("w1", Channels, Channels).Node("MatMul", "l w1", "p").Node("Sigmoid", "p", "s").Node("Add", "s l", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.OfFewBits(model).AssertSameFunction();

        Assert.AreEqual(1, trial.Count("Mul"));
    }

    [TestMethod]
    public void ConvolutionsWithARelu_TheFirstTakesTheFactors()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,8,6,6")
            .Initializer("w1", OnnxTensor.Float([Channels, 8, 3, 3], Scaled(SeededValues.Floats("w1", -1, 1, Channels * 72), 72))).Weights("b1", Channels)
            .Weights("w2", 24, Channels, 3, 3)
            .Node("Conv", "x w1 b1", "c", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "c", "r").Node("Conv", "r w2", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.OfFewBits(model).AssertSameFunction();

        Assert.AreEqual(0, trial.Count("Mul"));
    }

    [TestMethod]
    public void FlattenedImage_ChannelsOfTheImageHaveTheFactors()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,8,4,4")
            .Initializer("w1", OnnxTensor.Float([Channels, 8, 1, 1], Scaled(SeededValues.Floats("w1", -1, 1, Channels * 8), 8)))
            .Weights("w2", Channels * 16, 10)
            .Node("Conv", "x w1", "c").Node("Relu", "c", "r").Node("Flatten", "r", "f").Node("MatMul", "f w2", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.OfFewBits(model).AssertSameFunction();

        Assert.AreEqual(0, trial.Count("Mul"));
    }

    [TestMethod]
    public void ClippedFromAbove_IsDividedBehindTheClip()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,16").Floats("zero", [], 0).Floats("six", [], 6)
            .Initializer("w1", OnnxTensor.Float([Channels, 16], Scaled(SeededValues.Floats("w1", -1, 1, Channels * 16), 16))).Weights("b1", Channels)
            .Weights("w2", Channels, 24)
            .Node("Gemm", "x w1 b1", "p", ("transB", 1)).Node("Clip", "p zero six", "r").Node("MatMul", "r w2", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.OfFewBits(model).AssertSameFunction();

        Assert.AreEqual(1, trial.Count("Mul"), "six must stay six");
    }

    private static ModelBuilder Normalized() => new ModelBuilder().Input("x", $"n,4,{Channels}").Floats("g", [Channels], Extremes).Weights("b", Channels)
        .Node("LayerNormalization", "x g b", "l");

    private static float[] Scaled(float[] values, int perChannel) => [.. values.Select((value, i) => value * Extremes[i / perChannel])];

    /// <summary>What the rows of the weights of a MatMul were multiplied with.</summary>
    private static float[] Factors(EqualizationTrial trial, string output, int columns)
    {
        ReadOnlySpan<float> before = Weights(trial.Before);
        ReadOnlySpan<float> after = Weights(trial.After!);
        var factors = new float[Channels];
        for (int row = 0; row < Channels; row++)
            factors[row] = after[row * columns] / before[row * columns];
        return factors;

        ReadOnlySpan<float> Weights(OnnxModel model) => model.Graph.InitializerOf(model.Graph.ProducerOf(output)!.Inputs[1])!.Floats;
    }
}
