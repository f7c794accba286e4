using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>Every kind of LSTM runs in the integer kernel and stays near the float one.</summary>
[TestClass]
public sealed class DynamicLstmTests
{
    private const int Hidden = 64;

    /// <summary>Weights of ±0.25 keep the gates out of saturation; eight bits then leave 32 to 40 dB. An input or attribute that goes astray leaves less than 15.</summary>
    private const double LeastDecibels = 28;

    [TestMethod]
    [DataRow("forward", 1)]
    [DataRow("reverse", 1)]
    [DataRow("bidirectional", 2)]
    public void Lstm_Direction(string direction, int directions) => AssertNear(
        Model(directions).Node("LSTM", "x w r b", "y h c", ("hidden_size", Hidden), ("direction", direction)), X);

    [TestMethod]
    public void Lstm_StatesLengthsAndPeepholes() => AssertNear(
        Model(1).Input("h0", "1,2,64").Input("c0", "1,2,64").Initializer("n", OnnxTensor.Create(OnnxElementType.Int32, [2], [7, 4]))
            .Initializer("p", SeededValues.Tensor("p", -0.25f, 0.25f, 1, 3 * Hidden)).Node("LSTM", "x w r b n h0 c0 p", "y h c", ("hidden_size", Hidden)),
        X, Small("h0", 1, 2, Hidden), Small("c0", 1, 2, Hidden));

    [TestMethod]
    public void Lstm_WithoutBias() => AssertNear(Model(1).Node("LSTM", "x w r", "y h c", ("hidden_size", Hidden)), X);

    [TestMethod]
    public void Lstm_ClipActivationsAndCoupledGates() => AssertNear(
        Model(1).Node("LSTM", "x w r b", "y h c", ("hidden_size", Hidden), ("clip", 0.5f), ("input_forget", 1),
            ("activations", new[] { "HardSigmoid", "Tanh", "Tanh" }), ("activation_alpha", new[] { 0.3f }), ("activation_beta", new[] { 0.4f })), X);

    [TestMethod]
    public void Lstm_InABody_Fuses()
    {
        GraphBuilder body = new GraphBuilder().Initializer("w", Weight("w", 1)).Initializer("r", Weight("r", 1))
            .Node("LSTM", "x w r", "s", ("hidden_size", Hidden)).Output("s");
        GraphBuilder other = new GraphBuilder().Node("LSTM", "x v q", "t", ("hidden_size", Hidden)).Initializer("v", Weight("v", 1)).Initializer("q", Weight("q", 1)).Output("t");
        DynamicTrial trial = DynamicTrial.Of(new ModelBuilder().Input("x", "7,2,64").Input("p", "", OnnxElementType.Bool).Output("y")
            .Node("If", "p", "y", ("then_branch", body), ("else_branch", other))).AssertFuses(2);

        foreach (byte branch in new byte[] { 0, 1 })
            Assert.IsTrue(trial.Decibels(X, new InputTensor("p", OnnxElementType.Bool, [], new[] { branch })) > LeastDecibels);
    }

    [TestMethod]
    public void Lstm_SchemeStatic_RunsInIntegersToo() =>
        QuantizationTrial.Of(new ModelBuilder().Input("x", "7,2,64").Output("y").Initializer("w", Weight("w", 1)).Initializer("r", Weight("r", 1))
            .Weights("v", Hidden, Hidden).Node("LSTM", "x w r", "s", ("hidden_size", Hidden)).Node("MatMul", "s v", "y")).AssertFuses("MatMul")
            .AssertDynamic("LSTM");

    [TestMethod]
    public void Gru_IsStoredSmallerAndComputesInFloat()
    {
        DynamicTrial trial = DynamicTrial.Of(new ModelBuilder().Input("x", "7,2,64").Output("y").Initializer("w", Weight("w", 1, 3)).Initializer("r", Weight("r", 1, 3))
            .Node("GRU", "x w r", "y", ("hidden_size", Hidden))).AssertFuses(0);

        Assert.AreEqual("GRU", string.Join(' ', trial.Operators()));
        Assert.IsTrue(trial.Quantized.Image.SizeBytes * 3 < trial.Model.ToBytes().Length);
        Assert.IsTrue(trial.Decibels(X) > LeastDecibels);
    }

    private static InputTensor X => SeededValues.FloatInput("x", 7, 2, Hidden);

    private static InputTensor Small(string name, params long[] shape) =>
        SeededValues.FloatInputOf(name, shape, SeededValues.Floats(name, -0.5f, 0.5f, shape.Aggregate(1L, (product, length) => product * length)));

    private static OnnxTensor Weight(string name, int directions, int gates = 4) => SeededValues.Tensor(name, -0.25f, 0.25f, directions, gates * Hidden, Hidden);

    private static ModelBuilder Model(int directions) => new ModelBuilder().Input("x", "7,2,64").Output("y").Output("h").Output("c")
        .Initializer("w", Weight("w", directions)).Initializer("r", Weight("r", directions)).Initializer("b", SeededValues.Tensor("b", -0.25f, 0.25f, directions, 8 * Hidden));

    private static void AssertNear(ModelBuilder model, params InputTensor[] inputs)
    {
        double decibels = DynamicTrial.Of(model).AssertFuses(1).Decibels(inputs);
        Assert.IsTrue(decibels > LeastDecibels, $"{decibels:F1} dB");
    }
}
