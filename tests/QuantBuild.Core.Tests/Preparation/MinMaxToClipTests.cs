using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class MinMaxToClipTests
{
    [TestMethod]
    [DataRow("Max", "x zero", DisplayName = "Max(x, 0)")]
    [DataRow("Max", "zero x", DisplayName = "Max(0, x)")]
    public void Run_MaxWithZero_Relu(string opType, string inputs)
    {
        OnnxModel model = Rewritten(Model().Node(opType, inputs, "y"));

        CollectionAssert.AreEqual(new[] { "Relu" }, model.Operators());
        CollectionAssert.AreEqual(new[] { "x" }, model.Graph.Nodes[0].Inputs.ToArray());
    }

    [TestMethod]
    public void Run_MinAlone_ClipWithoutLowerBound() => AssertClips(Model().Node("Min", "x six", "y"), float.NegativeInfinity, 6);

    [TestMethod]
    public void Run_MaxAlone_ClipWithoutUpperBound() => AssertClips(Model().Node("Max", "x low", "y"), -1, float.PositiveInfinity);

    [TestMethod]
    public void Run_MinOfRelu_OneClip() => AssertClips(Model().Node("Relu", "x", "r").Node("Min", "r six", "y"), 0, 6);

    [TestMethod]
    public void Run_ReluOfMin_OneClip() => AssertClips(Model().Node("Min", "six x", "m").Node("Relu", "m", "y"), 0, 6);

    [TestMethod]
    public void Run_MinOfMax_OneClip() => AssertClips(Model().Node("Max", "x low", "m").Node("Min", "m six", "y"), -1, 6);

    [TestMethod]
    public void Run_BoundsThatExclude_TheLaterWins() => AssertClips(Model().Node("Clip", "x - low", "m")
        .Node("Clip", "m zero six", "y"), 0, 0);

    [TestMethod]
    public void Run_InnerHasAnotherReader_Stays() =>
        CollectionAssert.AreEqual(
            new[] { "Relu", "Clip", "Neg" },
            Rewritten(Model().Node("Relu", "x", "r").Node("Min", "r six", "y").Node("Neg", "r", "z").Output("z")).Operators());

    [TestMethod]
    [DataRow("x row", DisplayName = "one bound per column")]
    [DataRow("x x", DisplayName = "two activations")]
    [DataRow("x six zero", DisplayName = "three operands")]
    [DataRow("x deep", DisplayName = "a bound with more axes than x")]
    public void Run_NotABound_Ignored(string inputs) => new MinMaxToClip().AssertIgnores(Model().Node("Max", inputs, "y"));

    private static void AssertClips(ModelBuilder builder, float low, float high)
    {
        OnnxModel model = Rewritten(builder);
        OnnxNode clip = model.Graph.Nodes.Single();
        Assert.AreEqual("Clip", clip.OpType);
        Assert.AreEqual("x", clip.Inputs[0]);
        Assert.AreEqual(low, model.Graph.InitializerOf(clip.Input(1))!.Floats[0]);
        Assert.AreEqual(high, model.Graph.InitializerOf(clip.Input(2))!.Floats[0]);
    }

    private static OnnxModel Rewritten(ModelBuilder builder) => new MinMaxToClip().Run(builder).Model;

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,3").Output("y").Initializer("zero", OnnxTensor.Scalar(0))
        .Initializer("six", OnnxTensor.Scalar(6)).Floats("low", [1, 1], -1).Floats("row", [3], 1, 2, 3).Floats("deep", [1, 1, 1], 1);
}
