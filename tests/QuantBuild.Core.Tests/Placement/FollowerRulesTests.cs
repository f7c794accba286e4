using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

/// <summary><see cref="ElementwiseRule"/> and <see cref="DataMovementRule"/>: nodes that run in integers because those around them do.</summary>
[TestClass]
public sealed class FollowerRulesTests
{
    [TestMethod]
    [DataRow("Add", "QLinearAdd")]
    [DataRow("Mul", "QLinearMul")]
    [DataRow("Concat", "QLinearConcat")]
    public void Judge_TwoBranches_HasParametersOfItsOwn(string opType, string kernel)
    {
        PlacementPlan plan = Convolved().Node("Conv", "x w", "b").Node(opType, "a b", "f").Node("Conv", "f w", "y").Plan();

        CollectionAssert.AreEqual(new[] { "Conv", "Conv", opType, "Conv" }, plan.PlannedOperators());
        CollectionAssert.AreEqual(new[] { kernel }, plan.Nodes[2].Kernels.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1 }, plan.Nodes[2].ActivationInputs.ToArray());
        Assert.AreEqual(new PlannedActivation("f", 2, null), plan.Activation("f"));
    }

    [TestMethod]
    [DataRow("AveragePool", "QLinearAveragePool")]
    [DataRow("GlobalAveragePool", "QLinearGlobalAveragePool")]
    public void Judge_Average_HasParametersOfItsOwn(string opType, string kernel)
    {
        PlacementPlan plan = Convolved().Node(opType, "a", "f").Node("Conv", "f w", "y").Plan();

        CollectionAssert.AreEqual(new[] { kernel }, plan.Nodes[1].Kernels.ToArray());
        Assert.IsNull(plan.Activation("f").TiedTo);
    }

    [TestMethod]
    [DataRow("MaxPool")]
    [DataRow("Reshape")]
    [DataRow("Transpose")]
    [DataRow("Flatten")]
    [DataRow("Squeeze")]
    [DataRow("Unsqueeze")]
    [DataRow("Slice")]
    [DataRow("Expand")]
    [DataRow("DepthToSpace")]
    public void Judge_DataMovement_SharesTheParametersOfItsInput(string opType)
    {
        PlacementPlan plan = Convolved().Int64s("shape", 1).Node(opType, "a shape", "f").Node("Conv", "f w", "y").Plan();

        Assert.AreEqual(new PlannedActivation("f", 1, "a"), plan.Activation("f"));
        CollectionAssert.AreEqual(new[] { 0 }, plan.Nodes[1].ActivationInputs.ToArray());
    }

    [TestMethod]
    public void Judge_ChainOfDataMovement_EachIsTiedToTheOneBefore()
    {
        PlacementPlan plan = Convolved().Node("Transpose", "a", "t").Node("Flatten", "t", "f").Node("Gemm", "f w", "y").Plan();

        Assert.AreEqual("a", plan.Activation("t").TiedTo);
        Assert.AreEqual("t", plan.Activation("f").TiedTo);
        string[] order = [.. plan.Activations.Select(activation => activation.Value)];
        CollectionAssert.AreEqual(new[] { "x", "a", "t", "f" }, order);
    }

    [TestMethod]
    public void Judge_Constant_StaysFloat() =>
        Convolved().Weights("c", 4, 4).Node("Add", "a c", "f").Node("Conv", "f w", "y").Plan()
            .AssertStaysFloat("f", "one of its inputs is a constant");

    [TestMethod]
    public void Judge_BranchOfIntegers_StaysFloat() =>
        Convolved().Input("z", "4,4").Node("Add", "a z", "f").Node("Conv", "f w", "y")
            .Plan(("z", PlacementTesting.Of(OnnxElementType.Int64))).AssertStaysFloat("f", "its inputs are not float32");

    [TestMethod]
    public void Judge_IndicesOfMaxPool_StaysFloat() =>
        Convolved().Output("i").Node("MaxPool", "a", "f i").Node("Conv", "f w", "y").Plan().AssertStaysFloat("f", "it has a second output");

    [TestMethod]
    public void Judge_MovedIntegersOrConstants_StayFloat()
    {
        Convolved().Input("z", "4,4").Node("Transpose", "z", "f").Node("Conv", "a w", "y")
            .Plan(("z", PlacementTesting.Of(OnnxElementType.Int64))).AssertStaysFloat("f", "it moves no float32 activation");
        Convolved().Node("Transpose", "w", "f").Node("Conv", "a w", "y").Plan().AssertStaysFloat("f", "it moves no float32 activation");
    }

    /// <summary>x ─ Conv ─ a: a value in integers.</summary>
    private static ModelBuilder Convolved() =>
        new ModelBuilder().Input("x", "n,4,8,8").Output("y").Weights("w", 4, 4).Node("Conv", "x w", "a");
}
