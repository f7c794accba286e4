using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation;

/// <summary>Activations that exporters take apart, before and after.</summary>
[TestClass]
public sealed class ActivationPassesTests
{
    /// <summary>Zero, the bends at ±3, both sides far out, and what lies between.</summary>
    private static readonly float[] Telling =
    [
        0, -3, 3, -2.9999998f, 2.9999998f, 1e-8f, -1e-8f, -30, 30, 19.9f, 20.1f, -100, 100, 88, -88, 1e30f, -1e30f,
            float.PositiveInfinity, 0.5f, -0.5f,
        .. SeededValues.Floats("telling", -8, 8, 100),
    ];

    [TestMethod]
    [DataRow("Add:x three:a Clip:a zero six:c Div:c six:y", DisplayName = "gate")]
    [DataRow("Mul:x fifth:m Add:half m:a Clip:a zero one:y", DisplayName = "gate of Keras")]
    [DataRow("Add:x three:a Clip:a zero six:c Mul:x c:p Div:p six:y", DisplayName = "division last")]
    [DataRow("Add:three x:a Clip:a zero six:c Mul:c sixth:g Mul:g x:y", DisplayName = "division of the gate")]
    [DataRow("Div:x six:d Add:x three:a Clip:a zero six:c Mul:d c:y", DisplayName = "division first")]
    [DataRow("HardSwish:x:y", DisplayName = "operator")]
    public void RecognizeHardSigmoid_EveryForm_SameWithinTolerance(string nodes)
    {
        OnnxModel model = Oracle.AssertClose(Model(nodes), new RecognizeHardSigmoid(), Finite());

        Assert.AreEqual(1, model.Graph.Nodes.Count(node => node.Is("HardSigmoid")));
        Assert.IsFalse(model.Graph.Nodes.Any(node => node.Is("Clip") || node.Is("Div") || node.Is("HardSwish")));
    }

    [TestMethod]
    [DataRow("Max:x zero:m Min:m six:y")]
    [DataRow("Relu:x:m Min:six m:y")]
    [DataRow("Min:x six:m Relu:m:y")]
    [DataRow("Min:x six:m Max:m half:y")]
    [DataRow("Clip:x three six:m Clip:m zero one:y")]
    [DataRow("Max:x half:y")]
    public void MinMaxToClip_EveryForm_SameBits(string nodes)
    {
        OnnxModel model = Oracle.AssertSameBits(Model(nodes), new MinMaxToClip(),
            SeededValues.FloatInputOf("x", [1, Telling.Length], Telling));

        Assert.AreEqual(1, model.Graph.Nodes.Count);
    }

    [TestMethod]
    [DataRow("Softplus:x:s Tanh:s:t Mul:x t:y", DisplayName = "parts")]
    [DataRow("Mish:x:y", DisplayName = "operator")]
    public void ExpandMish_EveryValue_EachWithinRounding(string nodes)
    {
        ModelBuilder builder = Model(nodes);
        OnnxModel model = Oracle.AssertClose(builder, new ExpandMish(), Finite());

        // Each value by itself: a tolerance of the largest would hide what happens near zero.
        float[] x = [.. Telling.Where(float.IsFinite)];
        float[] actual = [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Oracle.Run(model, Finite())[0])];
        for (int i = 0; i < x.Length; i++)
        {
            double expected = x[i] * Math.Tanh(x[i] > 30 ? x[i] : Math.Log(1 + Math.Exp(x[i])));
            if (x[i] < -15)
                expected = x[i] * Math.Exp(x[i]);
            Assert.AreEqual(expected, actual[i], Math.Abs(expected) * 2e-6 + 1e-36, $"at {x[i]}");
        }
    }

    [TestMethod]
    [DataRow(17)]
    [DataRow(18)]
    public void ExpandLayerNormalization_LargeMeanAndSmallSpread_SameWithinTolerance(int opset)
    {
        float[] values = [.. SeededValues.Floats("rows", -0.1f, 0.1f, 2 * 32 * 64).Select(value => value + 5)];

        OnnxModel model = Oracle.AssertClose(
            new ModelBuilder(opset).Input("x", "n,32,64").Weights("gain", 64).Weights("offset", 64)
                .Node("LayerNormalization", "x gain offset", "y", ("epsilon", 1e-3f)).Output("y"),
            new ExpandLayerNormalization(),
            SeededValues.FloatInputOf("x", [2, 32, 64], values));

        string optimized = string.Join(' ', OnnxModelReader.ParseAnyOpset(
            new OnnxRuntimeEngine().Optimize(model.ToBytes()), new("model.onnx")).Graph.Nodes.Select(node => node.OpType));
        Assert.IsFalse(optimized.Contains("LayerNormalization", StringComparison.Ordinal), optimized);
    }

    private static InputTensor Finite()
    {
        float[] values = [.. Telling.Where(float.IsFinite)];
        return SeededValues.FloatInputOf("x", [1, values.Length], values);
    }

    /// <param name="nodes">Operator:inputs:output, separated by blanks, inputs as well.</param>
    private static ModelBuilder Model(string nodes)
    {
        ModelBuilder model = new ModelBuilder(18).Input("x", "n,k").Output("y")
            .Initializer("zero", OnnxTensor.Scalar(0)).Initializer("one", OnnxTensor.Scalar(1)).Initializer("three", OnnxTensor.Scalar(3))
            .Initializer("six", OnnxTensor.Scalar(6)).Floats("sixth", [1], 0.16666667f).Floats("half", [1], 0.5f)
            .Floats("fifth", [1], 0.2f);
        foreach (System.Text.RegularExpressions.Match node in System.Text.RegularExpressions.Regex.Matches(nodes, @"(\w+):([\w ]+):(\w+)"))
            model.Node(node.Groups[1].Value, node.Groups[2].Value, node.Groups[3].Value);
        return model;
    }
}
