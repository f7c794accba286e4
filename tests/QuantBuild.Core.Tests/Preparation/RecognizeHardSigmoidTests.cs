using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class RecognizeHardSigmoidTests
{
    [TestMethod]
    [DataRow("Div", "c six", DisplayName = "Div by 6")]
    [DataRow("Mul", "c sixth", DisplayName = "Mul by 1/6")]
    [DataRow("Mul", "sixth c", DisplayName = "1/6 first")]
    public void Run_ClippedLineOverItsWidth_HardSigmoid(string opType, string inputs)
    {
        OnnxModel model = Rewritten(Clipped().Node(opType, inputs, "y"));

        AssertIsGate(model, model.Graph.ProducerOf("y")!, 1 / 6f, 0.5f);
        Assert.AreEqual(1, model.Graph.Nodes.Count);
    }

    [TestMethod]
    public void Run_WidthOfOne_HardSigmoid()
    {
        // As Keras writes it.
        OnnxModel model = Rewritten(Model().Node("Mul", "fifth x", "m").Node("Add", "m half", "a").Node("Clip", "a zero one", "y"));

        AssertIsGate(model, model.Graph.ProducerOf("y")!, 0.2f, 0.5f);
        Assert.AreEqual(1, model.Graph.Nodes.Count);
    }

    [TestMethod]
    [DataRow("x c")]
    [DataRow("c x")]
    public void Run_ProductThenDivision_HardSwish(string factors) =>
        AssertHardSwish(Clipped().Node("Mul", factors, "p").Node("Div", "p six", "y"));

    [TestMethod]
    public void Run_DivisionThenProduct_HardSwish() => AssertHardSwish(Clipped().Node("Div", "x six", "d").Node("Mul", "d c", "y"));

    [TestMethod]
    public void Run_GateThenProduct_HardSwish() => AssertHardSwish(Clipped().Node("Mul", "c sixth", "g").Node("Mul", "x g", "y"));

    [TestMethod]
    public void Run_HardSwish_TakenApart() => AssertHardSwish(Model().Node("HardSwish", "x", "y"));

    [TestMethod]
    public void Run_BehindItOneThatNobodyReads_Removed()
    {
        OnnxModel model = Rewritten(Clipped().Node("Div", "c six", "y").Node("HardSwish", "y", "unread"));

        CollectionAssert.AreEqual(new[] { "HardSigmoid" }, model.Operators());
    }

    [TestMethod]
    public void Run_AffineBefore_StopsWhereTheValueIsReadTwice()
    {
        OnnxModel model = Rewritten(Model().Node("Mul", "x half", "v").Node("Add", "v three", "a").Node("Clip", "a zero six", "c")
            .Node("Mul", "v c", "p").Node("Div", "p six", "y"));

        CollectionAssert.AreEqual(new[] { "Mul", "HardSigmoid", "Mul" }, model.Operators());
        Assert.AreEqual("v", model.Graph.Nodes[1].Inputs[0]);
    }

    [TestMethod]
    [DataRow("half", DisplayName = "another factor")]
    [DataRow("six", DisplayName = "the width itself")]
    public void Run_FactorIsNotTheInverseOfTheWidth_Stays(string factor) =>
        new RecognizeHardSigmoid().AssertIgnores(Clipped().Node("Mul", $"c {factor}", "y"));

    [TestMethod]
    public void Run_ClippedValueIsAnOutput_Stays() =>
        new RecognizeHardSigmoid().AssertIgnores(Clipped().Output("c").Node("Div", "c six", "y"));

    [TestMethod]
    public void Run_ClipWithoutOffset_IsLeftToTheKernelBeforeIt() => new RecognizeHardSigmoid()
        .AssertIgnores(Model().Node("Clip", "x zero one", "y"));

    [TestMethod]
    public void Run_FallingLine_Stays() =>
        new RecognizeHardSigmoid().AssertIgnores(Model().Node("Sub", "half x", "a").Node("Clip", "a zero one", "y"));

    private static void AssertHardSwish(ModelBuilder builder)
    {
        OnnxModel model = Rewritten(builder);
        CollectionAssert.AreEqual(new[] { "HardSigmoid", "Mul" }, model.Operators());
        AssertIsGate(model, model.Graph.Nodes[0], 1 / 6f, 0.5f);
        CollectionAssert.AreEquivalent(new[] { "x", model.Graph.Nodes[0].Outputs[0] }, model.Graph.ProducerOf("y")!.Inputs.ToArray());
    }

    private static void AssertIsGate(OnnxModel model, OnnxNode node, float alpha, float beta)
    {
        Assert.AreEqual("HardSigmoid", node.OpType);
        Assert.AreEqual("x", node.Inputs[0]);
        Assert.AreEqual(alpha, node.GetFloat("alpha", 0), 1e-6f);
        Assert.AreEqual(beta, node.GetFloat("beta", 0), 1e-6f);
        Assert.IsNull(ModelChecker.FindProblem(model));
    }

    private static OnnxModel Rewritten(ModelBuilder builder) => new RecognizeHardSigmoid().Run(builder).Model;

    private static ModelBuilder Clipped() => Model().Node("Add", "three x", "a").Node("Clip", "a zero six", "c");

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,3").Output("y")
        .Initializer("zero", OnnxTensor.Scalar(0)).Initializer("one", OnnxTensor.Scalar(1)).Initializer("three", OnnxTensor.Scalar(3))
        .Initializer("six", OnnxTensor.Scalar(6)).Floats("sixth", [1], 0.16666667f).Floats("half", [1], 0.5f).Floats("fifth", [1], 0.2f);
}
