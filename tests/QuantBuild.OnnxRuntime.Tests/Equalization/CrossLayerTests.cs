using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Equalization;

[TestClass]
public sealed class CrossLayerTests
{
    /// <summary>The first channels of the weights are so much larger than the others.</summary>
    private const float Extreme = 16;

    [TestMethod]
    [DataRow("Relu")]
    [DataRow("LeakyRelu")]
    [DataRow("MaxPool")]
    [DataRow("AveragePool")]
    public void Convolutions_BehindWhatKeepsChannels_AreMadeEven(string between)
    {
        (string, object)[] attributes = between.EndsWith("Pool", StringComparison.Ordinal) ? [("kernel_shape", new[] { 2, 2 })] : [];
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 8, 3, 3, 3)).Weights("b1", 8).Weights("w2", 5, 8, 3, 3).Weights("b2", 5)
            .Node("Conv", "x w1 b1", "c").Node(between, "c", "r", attributes).Node("Conv", "r w2 b2", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.Of(model).AssertSameFunction();

        long size = between.EndsWith("Pool", StringComparison.Ordinal) ? 5 : 6;
        Assert.IsGreaterThan(2 * Spread(trial.After!, trial, size), Spread(trial.Before, trial, size));
    }

    [TestMethod]
    public void Depthwise_InTheMiddle_BothSidesAreMadeEven()
    {
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 8, 3, 1, 1)).Weights("b1", 8).Weights("w2", 8, 1, 3, 3)
            .Weights("b2", 8).Weights("w3", 5, 8, 1, 1).Weights("b3", 5)
            .Node("Conv", "x w1 b1", "c").Node("Relu", "c", "r").Node("Conv", "r w2 b2", "d", ("group", 8), ("pads", new[] { 1, 1, 1, 1 }))
            .Node("Relu", "d", "s").Node("Conv", "s w3 b3", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.Of(model).AssertSameFunction();

        Assert.IsLessThan(1.2, Spread(trial.After!, trial, 8), "nothing but the activation has to be minded");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void Groups_ChannelsStayWithTheirs(int groups)
    {
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 8, 3, 1, 1)).Weights("b1", 8).Weights("w2", 12, 8 / groups, 3, 3)
            .Node("Conv", "x w1 b1", "c").Node("Relu", "c", "r").Node("Conv", "r w2", "y", ("group", groups)).Output("y");

        EqualizationTrial.Of(model).AssertSameFunction();
    }

    [TestMethod]
    public void Clip_NothingReachesItThatDidNot()
    {
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 8, 3, 1, 1)).Weights("b1", 8).Weights("w2", 8, 1, 3, 3)
            .Floats("low", [], 0).Floats("high", [], 6)
            .Node("Conv", "x w1 b1", "c").Node("Clip", "c low high", "r").Node("Conv", "r w2", "y", ("group", 8)).Output("y");

        EqualizationTrial.Of(model).AssertSameFunction();
    }

    [TestMethod]
    [DataRow("Flatten", false)]
    [DataRow("Reshape", true)]
    public void FlattenedImage_ColumnsFollowTheirChannel(string flatten, bool transposed)
    {
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 8, 3, 3, 3)).Weights("b1", 8).Weights("b2", 5).Int64s("target", 0, -1)
            .Initializer("w2", transposed ? SeededValues.Tensor("w2", -1, 1, 5, 288) : SeededValues.Tensor("w2", -1, 1, 288, 5))
            .Node("Conv", "x w1 b1", "c").Node("Relu", "c", "r").Node(flatten, flatten == "Flatten" ? "r" : "r target", "f")
            .Node("Gemm", "f w2 b2", "y", ("transB", transposed ? 1 : 0)).Output("y");

        EqualizationTrial.Of(model).AssertSameFunction();
    }

    [TestMethod]
    public void Products_WithBiasBehindThem_AreMadeEven()
    {
        OnnxTensor uneven = OnnxTensor.Float([6, 8], [.. SeededValues.Floats("w1", -1, 1, 48).Select((weight, i) => i % 8 == 0 ? Extreme * weight : weight)]);
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,6").Initializer("w1", uneven).Weights("b1", 8).Weights("w2", 8, 5)
            .Weights("b2", 5)
            .Node("MatMul", "x w1", "p").Node("Add", "p b1", "c").Node("Relu", "c", "r").Node("MatMul", "r w2", "q")
            .Node("Add", "b2 q", "y").Output("y");

        EqualizationTrial.Of(model).AssertSameFunction();
    }

    [TestMethod]
    public void Bias_FarAboveZero_IsAbsorbed()
    {
        ModelBuilder model = Model().Weights("w1", 8, 3, 1, 1).Weights("w2", 5, 8, 1, 1).Weights("b2", 5)
            .Initializer("b1", OnnxTensor.Float([8], [.. Enumerable.Repeat(60f, 8)]))
            .Node("Conv", "x w1 b1", "c").Node("Relu", "c", "r").Node("Conv", "r w2 b2", "y").Output("y");

        EqualizationTrial trial = EqualizationTrial.Of(model).AssertSameFunction();

        OnnxNode first = trial.After!.Graph.Nodes[0];
        float bias = trial.After.Graph.InitializerOf(first.Inputs[2])!.Floats[0] / trial.After.Graph.InitializerOf(first.Inputs[1])!.Floats[0]
            * trial.Before.Graph.InitializerOf("w1")!.Floats[0];
        Assert.IsLessThan(45, bias);
    }

    [TestMethod]
    [DataRow("Sigmoid", "", DisplayName = "what does not scale")]
    [DataRow("Relu", "r", DisplayName = "an output of the model")]
    [DataRow("Relu", "z", DisplayName = "another reader")]
    public void Convolutions_ThatCannotBeChanged_StayAsTheyAre(string between, string output)
    {
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 8, 3, 1, 1)).Weights("b1", 8).Weights("w2", 5, 8, 1, 1)
            .Node("Conv", "x w1 b1", "c").Node(between, "c", "r").Node("Conv", "r w2", "y").Node("Sigmoid", "r", "z").Output("y");

        EqualizationTrial.Of(output.Length > 0 ? model.Output(output) : model).AssertUnchanged();
    }

    [TestMethod]
    public void Weights_OfTwoNodes_StayAsTheyAre()
    {
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 3, 3, 1, 1)).Weights("w2", 5, 3, 1, 1)
            .Node("Conv", "x w1", "c").Node("Relu", "c", "r").Node("Conv", "r w1", "d").Node("Sigmoid", "d", "s")
            .Node("Conv", "s w2", "y").Output("y");

        EqualizationTrial.Of(model).AssertUnchanged();
    }

    [TestMethod]
    public void SwitchedOff_StaysAsItIs()
    {
        ModelBuilder model = Model().Initializer("w1", Uneven("w1", 8, 3, 1, 1)).Weights("b1", 8).Weights("w2", 5, 8, 1, 1)
            .Node("Conv", "x w1 b1", "c").Node("Relu", "c", "r").Node("Conv", "r w2", "y").Output("y");

        EqualizationTrial.Of(model, acrossLayers: false).AssertUnchanged();
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,3,8,8");

    private static double Spread(OnnxModel model, EqualizationTrial trial, long size) =>
        EqualizationTrial.Spread(model, "r", [64, 8, size, size], 1, trial.Input);

    /// <summary>Weights whose first output channel is extreme.</summary>
    private static OnnxTensor Uneven(string name, params long[] shape)
    {
        OnnxTensor tensor = SeededValues.Tensor(name, -1, 1, shape);
        long perChannel = tensor.Length / shape[0];
        return OnnxTensor.Float(shape, [.. tensor.Floats.ToArray().Select((weight, i) => i < perChannel ? Extreme * weight : weight)]);
    }
}
