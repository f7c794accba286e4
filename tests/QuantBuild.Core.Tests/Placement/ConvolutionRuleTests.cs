using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class ConvolutionRuleTests
{
    [TestMethod]
    public void Judge_ConstantWeightsAndBias_IsQuantizedInAndOut()
    {
        PlacementPlan plan = Model().Weights("w", 8, 4, 3, 3).Weights("b", 8).Node("Conv", "x w b", "y").Plan();

        PlannedNode planned = plan.Nodes.Single();
        Assert.AreEqual(new PlannedWeight("w", 1, 0, ReductionOrder.ConvolutionChannelsLast), planned.Weight);
        Assert.AreEqual(new PlannedBias("b", planned.Node, 2), planned.Bias);
        CollectionAssert.AreEqual(new[] { 0 }, planned.ActivationInputs.ToArray());
        CollectionAssert.AreEqual(new[] { "QLinearConv" }, planned.Kernels.ToArray());
        Assert.IsTrue(planned.QuantizesOutput);
        CollectionAssert.AreEqual(
            new[] { new PlannedActivation("x", null, null), new PlannedActivation("y", 0, null) }, plan.Activations.ToArray());
    }

    [TestMethod]
    public void Judge_NoBias_HasNone() =>
        Assert.IsNull(Model().Weights("w", 8, 4, 3, 3).Node("Conv", "x w", "y").Plan().Nodes.Single().Bias);

    [TestMethod]
    [DataRow(8, 1, 8, ReductionOrder.Single, DisplayName = "depthwise")]
    [DataRow(16, 1, 8, ReductionOrder.ConvolutionChannelsLast, DisplayName = "depthwise with two outputs a channel")]
    [DataRow(8, 4, 2, ReductionOrder.ConvolutionChannelsLast, DisplayName = "grouped")]
    [DataRow(1, 1, 1, ReductionOrder.ConvolutionChannelsLast, DisplayName = "one channel")]
    public void Judge_Groups_DecideTheOrderOfSummation(int outputs, int inputsPerGroup, int groups, object order)
    {
        PlacementPlan plan = Model().Weights("w", outputs, inputsPerGroup, 3, 3).Node("Conv", "x w", "y", ("group", groups)).Plan();

        Assert.AreEqual(order, plan.Nodes.Single().Weight!.PairAxis);
    }

    [TestMethod]
    public void Judge_InputOfDoubles_StaysFloat() =>
        Model().Weights("w", 8, 4, 3, 3).Node("Conv", "x w", "y").Plan(("x", PlacementTesting.Of(OnnxElementType.Double)))
            .AssertStaysFloat("y", "its input is not float32");

    [TestMethod]
    public void Judge_ComputedWeights_StaysFloat() =>
        Model().Input("w", "8,4,3,3").Node("Conv", "x w", "y").Plan().AssertStaysFloat("y", "its weights are not a float32 constant");

    [TestMethod]
    public void Judge_WeightsOfDoubles_StaysFloat() =>
        Model().Initializer("w", OnnxTensor.Create(OnnxElementType.Double, [1, 1, 1, 1], [1.0])).Node("Conv", "x w", "y").Plan()
            .AssertStaysFloat("y", "its weights are not a float32 constant");

    [TestMethod]
    public void Judge_ComputedBias_StaysFloat() =>
        Model().Input("b", "8").Weights("w", 8, 4, 3, 3).Node("Conv", "x w b", "y").Plan()
            .AssertStaysFloat("y", "its bias is not a constant");

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,4,8,8").Output("y");
}
