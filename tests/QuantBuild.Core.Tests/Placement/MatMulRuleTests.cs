using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class MatMulRuleTests
{
    [TestMethod]
    public void Judge_ConstantWeights_GivesFloats()
    {
        PlacementPlan plan = Model().Weights("w", 4, 4).Node("MatMul", "x w", "y").Plan();

        PlannedNode planned = plan.Nodes.Single();
        Assert.AreEqual(new PlannedWeight("w", 1, 1, ReductionOrder.MatrixRows), planned.Weight);
        Assert.IsFalse(planned.QuantizesOutput);
        CollectionAssert.AreEqual(new[] { "x" }, plan.Activations.Select(activation => activation.Value).ToArray());
    }

    [TestMethod]
    public void Judge_TwoActivations_QuantizesBoth()
    {
        PlacementPlan plan = Model().Input("z", "4,4").Node("MatMul", "x z", "y").Plan();

        Assert.IsNull(plan.Nodes.Single().Weight);
        CollectionAssert.AreEqual(new[] { "x", "z" }, plan.Activations.Select(activation => activation.Value).ToArray());
    }

    [TestMethod]
    public void Judge_OneActivationTwice_QuantizesItOnce() =>
        Assert.AreEqual("x", Model().Node("MatMul", "x x", "y").Plan().Activations.Single().Value);

    [TestMethod]
    [DataRow("m b")]
    [DataRow("b m")]
    public void Judge_BiasBehind_IsAbsorbed(string addends)
    {
        PlacementPlan plan = Model().Weights("w", 4, 4).Weights("b", 4).Node("MatMul", "x w", "m").Node("Add", addends, "y").Plan();

        PlannedNode planned = plan.Nodes.Single();
        Assert.AreEqual("Add", planned.Absorbed.Single().OpType);
        Assert.AreEqual(new PlannedBias("b", planned.Absorbed[0], addends == "m b" ? 1 : 0), planned.Bias);
        Assert.AreEqual("y", planned.Output);
        Assert.AreEqual(0, plan.FloatNodes.Count);
    }

    [TestMethod]
    [DataRow(new long[] { 1, 1, 4 }, true)]
    [DataRow(new long[] { 1 }, false)]
    [DataRow(new long[] { 4, 1 }, false)]
    [DataRow(new long[] { 4, 4 }, false)]
    public void Judge_ShapeOfTheBias_DecidesWhetherItIsAbsorbed(long[] shape, bool absorbed)
    {
        PlacementPlan plan = Model().Weights("w", 4, 4).Weights("b", shape).Node("MatMul", "x w", "m").Node("Add", "m b", "y")
            .Plan(("x", PlacementTesting.Float(1, 4, 4)), ("m", PlacementTesting.Float(1, 4, 4)), ("y", PlacementTesting.Float(1, 4, 4)));

        Assert.AreEqual(absorbed, plan.Nodes.Single().Bias is not null);
        if (!absorbed)
            plan.AssertStaysFloat("y", "not all of its inputs come in integers");
    }

    [TestMethod]
    public void Judge_BiasThatAddsAnAxis_IsNotAbsorbed()
    {
        PlacementPlan plan = Model().Weights("w", 4, 4).Weights("b", 1, 1, 4).Node("MatMul", "x w", "m").Node("Add", "m b", "y")
            .Plan(("y", PlacementTesting.Float(1, 4, 4)));

        Assert.IsNull(plan.Nodes.Single().Bias);
    }

    [TestMethod]
    public void Judge_ProductReadTwice_KeepsTheAdd()
    {
        PlacementPlan plan = Model().Output("z").Weights("w", 4, 4).Weights("b", 4)
            .Node("MatMul", "x w", "m").Node("Add", "m b", "y").Node("Exp", "m", "z").Plan();

        Assert.IsNull(plan.Nodes.Single().Bias);
    }

    [TestMethod]
    public void Judge_ProductIsAnOutput_KeepsTheAdd()
    {
        PlacementPlan plan = Model().Output("m").Weights("w", 4, 4).Weights("b", 4)
            .Node("MatMul", "x w", "m").Node("Add", "m b", "y").Plan();

        Assert.IsNull(plan.Nodes.Single().Bias);
    }

    [TestMethod]
    [DataRow("w x", new long[] { 4, 4 }, 0)]
    [DataRow("x w", new long[] { 2, 4, 4 }, 1)]
    public void Judge_ConstantWithoutAScaleForEachColumn_IsReadAsAnActivation(string operands, long[] shape, int position)
    {
        PlannedNode planned = Model().Weights("w", shape).Node("MatMul", operands, "y").Plan().Nodes.Single();

        Assert.AreEqual(("w", position), (planned.Constants.Single().Value, planned.Constants[0].InputIndex));
        Assert.AreEqual(1 - position, planned.ActivationInputs.Single());
        Assert.IsNull(planned.Weight);
    }

    [TestMethod]
    public void Judge_VectorOfConstants_HasOneScale() =>
        Assert.AreEqual(
            new PlannedWeight("w", 1, null, ReductionOrder.MatrixColumns),
            Model().Weights("w", 4).Node("MatMul", "x w", "y").Plan().Nodes.Single().Weight);

    [TestMethod]
    public void Judge_TwoConstants_StaysFloat() =>
        Model().Weights("w", 4, 4).Node("MatMul", "w w", "y").Plan().AssertStaysFloat("y", "both of its operands are constants");

    [TestMethod]
    [DataRow(new long[] { 3, 4 }, new long[] { 3, 5 }, true, DisplayName = "a matrix")]
    [DataRow(new long[] { 3, 4 }, new long[] { 1, 5 }, true, DisplayName = "a row")]
    [DataRow(new long[] { 3, 4 }, new long[] { 3, 1 }, true, DisplayName = "a column")]
    [DataRow(new long[] { 1, 4 }, new long[] { 1, 1 }, true, DisplayName = "a column of a batch of one")]
    [DataRow(new long[] { 3, 4 }, new long[] { 1, 1 }, false, DisplayName = "a number")]
    [DataRow(new long[] { 3, 4 }, new long[] { 1 }, false, DisplayName = "a vector of one")]
    [DataRow(new long[] { 3, 4 }, new long[] { 2, 3, 5 }, false, DisplayName = "a stack")]
    [DataRow(new long[] { 2, 3, 4 }, new long[] { 5 }, true, DisplayName = "a vector behind a stack")]
    [DataRow(new long[] { 2, 3, 4 }, new long[] { 3, 5 }, false, DisplayName = "a matrix behind a stack")]
    public void Judge_AddThatTheRuntimeWouldMerge_IsKeptApartByAQuantizedOutput(long[] x, long[] z, bool quantizes)
    {
        PlacementPlan plan = Model().Input("z", "4,4").Weights("w", 4, 5).Node("MatMul", "x w", "m").Node("Add", "m z", "y")
            .Plan(("x", PlacementTesting.Float(x)), ("z", PlacementTesting.Float(z)));

        Assert.AreEqual(quantizes, plan.Nodes.Single().QuantizesOutput);
    }

    /// <summary>One column: a single number is a value for each of them.</summary>
    [TestMethod]
    public void Judge_AddOfANumberToOneColumn_IsKeptApart() =>
        Assert.IsTrue(Model().Input("z", "1").Weights("w", 4, 1).Node("MatMul", "x w", "m").Node("Add", "m z", "y")
            .Plan(("z", PlacementTesting.Float(1))).Nodes.Single().QuantizesOutput);

    [TestMethod]
    public void Judge_InputOfIntegers_StaysFloat() =>
        Model().Input("z", "4,4").Node("MatMul", "x z", "y").Plan(("z", PlacementTesting.Of(OnnxElementType.Int32)))
            .AssertStaysFloat("y", "its inputs are not float32");

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,4").Output("y");
}
