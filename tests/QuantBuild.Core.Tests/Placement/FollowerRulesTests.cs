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
    [DataRow("LeakyRelu", "QLinearLeakyRelu")]
    [DataRow("Sigmoid", "QLinearSigmoid")]
    public void Judge_OneInput_HasParametersOfItsOwn(string opType, string kernel)
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
    [DataRow("Gather")]
    [DataRow("GatherElements")]
    [DataRow("ReduceMax")]
    [DataRow("ReduceMin")]
    [DataRow("Resize")]
    [DataRow("Split")]
    [DataRow("Tile")]
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
    public void Judge_Constant_IsReadAsAnActivation()
    {
        PlannedNode add = Convolved().Weights("c", 4, 4).Node("Add", "c a", "f").Node("Conv", "f w", "y").Plan().Nodes[1];

        Assert.AreEqual(("c", 0), (add.Constants.Single().Value, add.Constants[0].InputIndex));
        CollectionAssert.AreEqual(new[] { 1 }, add.ActivationInputs.ToArray());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Judge_FilledConstant_IsOneWhenItsShapeIsKnown(bool isKnown)
    {
        ModelBuilder model = isKnown ? Convolved().Int64s("s", 4, 4) : Convolved().Input("s", "2", OnnxElementType.Int64);

        PlacementPlan plan = model.Node("ConstantOfShape", "s", "z").Node("Concat", "a z", "f").Node("Conv", "f w", "y").Plan();

        if (isKnown)
            Assert.AreEqual(16L, plan.Nodes[1].Constants.Single().Tensor.Length);
        else
            plan.AssertStaysFloat("f", "not all of its inputs come in integers");
    }

    [TestMethod]
    public void Judge_ConstantOfAnotherType_StaysFloat() =>
        Convolved().Initializer("c", OnnxTensor.Create(OnnxElementType.Double, [1], [1.0])).Node("Add", "a c", "f").Node("Conv", "f w", "y").Plan()
            .AssertStaysFloat("f", "its inputs are not float32");

    [TestMethod]
    [DataRow(1f, 15f, true)]
    [DataRow(1f, 17f, false)]
    [DataRow(0f, 1f, true, DisplayName = "zero is exact")]
    public void Judge_FactorsThatAreFarApart_StayFloat(float small, float large, bool planned)
    {
        PlacementPlan plan = Convolved().Floats("c", [2], small, -large).Node("Mul", "a c", "f").Node("Conv", "f w", "y").Plan();

        if (planned)
            CollectionAssert.AreEqual(new[] { "Conv", "Mul", "Conv" }, plan.PlannedOperators());
        else
            plan.AssertStaysFloat("f", "its factors are too far apart for one scale");
    }

    [TestMethod]
    public void Judge_Where_ReadsItsBranchesAndLeavesTheCondition()
    {
        PlacementPlan plan = Convolved().Input("c", "", OnnxElementType.Bool).Node("Conv", "x w", "b").Node("Where", "c a b", "f")
            .Node("Conv", "f w", "y").Plan();

        CollectionAssert.AreEqual(new[] { 1, 2 }, plan.Nodes[2].ActivationInputs.ToArray());
    }

    [TestMethod]
    public void Judge_Split_TiesAllParts()
    {
        PlacementPlan plan = Convolved().Output("z").Node("Split", "a", "p q").Node("Conv", "q w", "y").Node("Exp", "p", "z").Plan();

        Assert.AreEqual(new PlannedActivation("p", 1, "a"), plan.Activation("p"));
        Assert.AreEqual(new PlannedActivation("q", 1, "a"), plan.Activation("q"));
    }

    [TestMethod]
    public void Judge_SplitWithAPartNobodyReads_StaysFloat() =>
        Convolved().Node("Split", "a", "p f").Node("Conv", "f w", "y").Plan().AssertStaysFloat("p", "nobody reads one of its parts");

    [TestMethod]
    [DataRow("linear", "asymmetric")]
    [DataRow("nearest", "tf_crop_and_resize")]
    public void Judge_ResizeThatComputes_StaysFloat(string mode, string transformation) =>
        Convolved().Node("Resize", "a", "f", ("mode", mode), ("coordinate_transformation_mode", transformation)).Node("Conv", "f w", "y").Plan()
            .AssertStaysFloat("f", "the runtime interpolates in float only");

    [TestMethod]
    public void Judge_ArgMax_ReadsCodesAndGivesNone()
    {
        PlacementPlan plan = Convolved().Output("i").Node("ArgMax", "a", "i").Node("Conv", "a w", "y").Plan(("i", PlacementTesting.Of(OnnxElementType.Int64)));

        Assert.IsTrue(plan.Nodes[1].GivesIndices);
        CollectionAssert.AreEqual(new[] { "x", "a", "y" }, plan.Activations.Select(activation => activation.Value).ToArray());
    }

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
