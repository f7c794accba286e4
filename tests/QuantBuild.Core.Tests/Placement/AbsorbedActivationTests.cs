using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class AbsorbedActivationTests
{
    [TestMethod]
    public void Behind_Relu_LeavesWithItsOutput()
    {
        PlacementPlan plan = Model().Node("Relu", "a", "y").Plan();

        PlannedNode conv = plan.Nodes.Single();
        Assert.AreEqual("Relu", conv.Absorbed.Single().OpType);
        Assert.AreEqual("y", conv.Output);
        CollectionAssert.AreEqual(new[] { "x", "y" }, plan.Activations.Select(activation => activation.Value).ToArray());
        Assert.AreEqual(0, plan.FloatNodes.Count);
    }

    [TestMethod]
    public void Behind_ReluOfAnAddition_IsAbsorbedToo()
    {
        PlacementPlan plan = Model().Node("Conv", "x w", "b").Node("Add", "a b", "s").Node("Relu", "s", "r").Node("Conv", "r w", "y")
            .Plan();

        CollectionAssert.AreEqual(new[] { "Conv", "Conv", "Add", "Conv" }, plan.PlannedOperators());
        Assert.AreEqual("r", plan.Nodes[2].Output);
        Assert.IsFalse(plan.Activations.Any(activation => activation.Value == "s"));
    }

    [TestMethod]
    public void BoundsIn_Clip_EndTheRangeOfTheOutput()
    {
        PlacementPlan plan = Model().Initializer("low", OnnxTensor.Scalar(0f)).Initializer("high", OnnxTensor.Scalar(6f)).Node("Clip", "a low high", "y").Plan();

        Assert.AreEqual(new ReadBounds(0, 6), plan.Activation("y").Bounds);
        Assert.IsNull(Model().Node("Relu", "a", "y").Plan().Activation("y").Bounds);
    }

    [TestMethod]
    public void WithOneScalePerWeight_Plan_LeavesEverythingElse()
    {
        PlacementPlan plan = Model().Node("Relu", "a", "y").Plan();

        PlacementPlan one = plan.WithOneScalePerWeight();

        Assert.AreEqual(plan.Nodes[0].Weight! with { Axis = null }, one.Nodes[0].Weight);
        Assert.AreEqual(plan.Nodes[0] with { Weight = null }, one.Nodes[0] with { Weight = null });
    }

    [TestMethod]
    [DataRow(0f, 6f, true)]
    [DataRow(-1f, 1f, true)]
    [DataRow(-3f, 0f, true)]
    [DataRow(null, 6f, true)]
    [DataRow(0f, null, true)]
    [DataRow(null, null, true)]
    [DataRow(0.5f, 6f, false, DisplayName = "zero is cut off below")]
    [DataRow(-6f, -1f, false, DisplayName = "zero is cut off above")]
    [DataRow(float.NaN, 6f, false)]
    public void Behind_Clip_IsAbsorbedWhenItHoldsZero(float? low, float? high, bool absorbed)
    {
        ModelBuilder model = Model();
        if (low is { } minimum)
            model.Initializer("low", OnnxTensor.Scalar(minimum));
        if (high is { } maximum)
            model.Initializer("high", OnnxTensor.Scalar(maximum));

        PlacementPlan plan = model.Node("Clip", $"a {(low is null ? "-" : "low")} {(high is null ? "-" : "high")}", "y").Plan();

        Assert.AreEqual(absorbed ? 1 : 0, plan.Nodes.Single().Absorbed.Count);
        Assert.AreEqual(absorbed ? "y" : "a", plan.Nodes.Single().Output);
    }

    [TestMethod]
    public void Behind_ComputedBound_StaysFloat() =>
        Model().Input("high", "").Node("Clip", "a - high", "y").Plan()
            .AssertStaysFloat("y", "no integer kernel in front of it can cut its output there");

    [TestMethod]
    public void Behind_ValueThatIsItselfABound_StaysFloat() =>
        Model().Input("z", "4,4").Node("Clip", "z a", "y").Plan()
            .AssertStaysFloat("y", "no integer kernel in front of it can cut its output there");

    [TestMethod]
    public void Behind_OtherReader_StaysFloat() =>
        Model().Output("z").Node("Relu", "a", "y").Node("Exp", "a", "z").Plan()
            .AssertStaysFloat("y", "no integer kernel in front of it can cut its output there");

    [TestMethod]
    public void Behind_OutputOfTheGraph_StaysFloat() =>
        Model().Output("a").Node("Relu", "a", "y").Plan().AssertStaysFloat("y", "no integer kernel in front of it can cut its output there");

    [TestMethod]
    public void Behind_ReluThatABodyReads_IsAbsorbedAndItsOutputKept()
    {
        GraphBuilder body = new GraphBuilder().Node("Identity", "r", "inner").Output("inner");
        PlacementPlan plan = Model().Input("c", "", OnnxElementType.Bool).Node("Relu", "a", "r")
            .Node("If", "c", "y", ("then_branch", body), ("else_branch", body)).Plan();

        Assert.AreEqual("r", plan.Nodes.Single().Output);
    }

    private static ModelBuilder Model() =>
        new ModelBuilder().Input("x", "n,4,8,8").Output("y").Weights("w", 4, 4, 1, 1).Node("Conv", "x w", "a");
}
