using QuantBuild.Core.Tests.Rewriting;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class HardSigmoidRuleTests
{
    [TestMethod]
    public void Judge_BetweenConvolutions_IsASaturatingSum()
    {
        PlacementPlan plan = HardSwish().Plan();

        CollectionAssert.AreEqual(new[] { "Conv", "HardSigmoid", "Mul", "Conv" }, plan.PlannedOperators());
        Assert.AreEqual(new SaturatingSum(2, 0.25f), plan.Nodes[1].WrittenAs);
        CollectionAssert.AreEqual(new[] { "QLinearAdd" }, plan.Nodes[1].Kernels.ToArray());
    }

    [TestMethod]
    public void Judge_FloatsBehindIt_StaysFloat() =>
        Convolved().Node("HardSigmoid", "a", "g").Node("Exp", "g", "y").Plan().AssertStaysFloat("g", "nothing behind it runs in integers");

    [TestMethod]
    [DataRow(-0.25f, 0.5f)]
    [DataRow(0.25f, -0.5f)]
    [DataRow(0.25f, 0f)]
    public void Judge_FallingOrWithoutOffset_StaysFloat(float alpha, float beta) =>
        Convolved().Node("HardSigmoid", "a", "g", ("alpha", alpha), ("beta", beta)).Node("Conv", "g w", "y").Plan()
            .AssertStaysFloat("g", "its slope or its offset is not positive");

    [TestMethod]
    public void Bounds_ValueAndItsGate_EndBelow() =>
        Assert.AreEqual(new ReadBounds(-2, float.PositiveInfinity), HardSwish().Plan().Activation("a").Bounds);

    [TestMethod]
    public void Bounds_GateAlone_EndOnBothSides() =>
        Assert.AreEqual(new ReadBounds(-2, 2), Gate().Node("Conv", "g w", "y").Plan().Activation("a").Bounds);

    [TestMethod]
    public void Bounds_AnotherReader_None() => Assert.IsNull(HardSwish().Node("Conv", "a w", "z").Output("z")
        .Plan().Activation("a").Bounds);

    [TestMethod]
    public void Bounds_OutputOfTheModel_None() => Assert.IsNull(HardSwish().Output("a").Plan().Activation("a").Bounds);

    [TestMethod]
    public void Rewrite_Gate_IsAnAdditionReadWithAnotherScale()
    {
        RewrittenModel rewritten = RewrittenModel.Of(HardSwish());

        OnnxNode add = rewritten.Node("Add");
        Assert.AreEqual(0, add.AttributeNames.Count());
        OnnxNode constant = rewritten.Graph.ProducerOf(add.Inputs[1])!;
        Assert.AreEqual((byte)255, rewritten.Graph.InitializerOf(constant.Inputs[0])!.Values<byte>()[0]);
        Assert.AreEqual(2f / 255, Scale(rewritten, constant));
        OnnxNode quantize = rewritten.Graph.ConsumersOf(add.Outputs[0]).Single();
        OnnxNode dequantize = rewritten.Graph.ConsumersOf(quantize.Outputs[0]).Single();
        Assert.AreEqual(Scale(rewritten, dequantize) / 0.25f, Scale(rewritten, quantize));
    }

    private static float Scale(RewrittenModel rewritten, OnnxNode node) => rewritten.Graph.InitializerOf(node.Inputs[1])!.Floats[0];

    private static ModelBuilder HardSwish() => Gate().Node("Mul", "a g", "h").Node("Conv", "h w", "y");

    private static ModelBuilder Gate() => Convolved().Node("HardSigmoid", "a", "g", ("alpha", 0.25f), ("beta", 0.5f));

    private static ModelBuilder Convolved() => new ModelBuilder().Input("x", "n,4,8,8").Output("y").Weights("w", 4, 4, 1, 1)
        .Node("Conv", "x w", "a");
}
