using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class GemmRuleTests
{
    [TestMethod]
    [DataRow(0, 1, ReductionOrder.MatrixRows)]
    [DataRow(1, 0, ReductionOrder.MatrixColumns)]
    public void Judge_TransB_DecidesAxisAndOrder(int transB, int axis, object order)
    {
        PlacementPlan plan = Model().Weights("w", 4, 4).Weights("b", 4).Node("Gemm", "x w b", "y", ("transB", transB)).Plan();

        PlannedNode planned = plan.Nodes.Single();
        Assert.AreEqual(new PlannedWeight("w", 1, axis, (ReductionOrder)order), planned.Weight);
        Assert.AreEqual(new PlannedBias("b", planned.Node, 2), planned.Bias);
        CollectionAssert.AreEqual(new[] { new PlannedActivation("x", null, null) }, plan.Activations.ToArray());
        Assert.IsFalse(planned.QuantizesOutput);
    }

    [TestMethod]
    [DataRow(new long[] { 6 }, true)]
    [DataRow(new long[] { 1, 6 }, true)]
    [DataRow(new long[] { 1 }, false)]
    [DataRow(new long[] { }, false)]
    [DataRow(new long[] { 6, 1 }, false)]
    [DataRow(new long[] { 4, 6 }, false)]
    public void Judge_ShapeOfTheBias_MustBeOneValueAChannel(long[] shape, bool fits)
    {
        PlacementPlan plan = Model().Weights("w", 4, 6).Weights("b", shape).Node("Gemm", "x w b", "y").Plan();

        if (fits)
            Assert.IsNotNull(plan.Nodes.Single().Bias);
        else
            plan.AssertStaysFloat("y", "its bias is not a constant with one value per output channel");
    }

    [TestMethod]
    [DataRow("transA", 1L, "it transposes its input (transA)")]
    [DataRow("alpha", 0.5f, "it scales the product (alpha)")]
    [DataRow("beta", 0.5f, "it scales its bias (beta)")]
    public void Judge_AttributeThatTheKernelLacks_StaysFloat(string attribute, object value, string reason) =>
        Model().Weights("w", 4, 4).Weights("b", 4).Node("Gemm", "x w b", "y", (attribute, value)).Plan().AssertStaysFloat("y", reason);

    [TestMethod]
    public void Judge_BetaWithoutBias_IsIdle() =>
        Assert.AreEqual(1, Model().Weights("w", 4, 4).Node("Gemm", "x w", "y", ("beta", 0.5f)).Plan().Nodes.Count);

    [TestMethod]
    public void Judge_ComputedBias_StaysFloat() =>
        Model().Input("b", "4").Weights("w", 4, 4).Node("Gemm", "x w b", "y").Plan()
            .AssertStaysFloat("y", "its bias is not a constant with one value per output channel");

    [TestMethod]
    public void Judge_ComputedWeights_StaysFloat() =>
        Model().Input("w", "4,4").Node("Gemm", "x w", "y").Plan().AssertStaysFloat("y", "its weights are not a float32 constant");

    [TestMethod]
    public void Judge_InputOfIntegers_StaysFloat() =>
        Model().Weights("w", 4, 4).Node("Gemm", "x w", "y").Plan(("x", PlacementTesting.Of(OnnxElementType.Int32)))
            .AssertStaysFloat("y", "its input is not float32");

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,4").Output("y");
}
