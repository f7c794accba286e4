using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class JoinedValuesTests
{
    [TestMethod]
    public void Of_ValuesThatOnlyAConcatenationReads_GoIntoIt()
    {
        PlacementPlan plan = Branches().Node("Concat", "a b", "c", ("axis", 1)).Node("Conv", "c w", "y").Plan();

        Assert.AreEqual("c", plan.Activation("a").JoinedInto);
        Assert.AreEqual("c", plan.Activation("b").JoinedInto);
        Assert.IsNull(plan.Activation("c").JoinedInto);
    }

    [TestMethod]
    public void Of_ValuesMovedOnTheWay_GoIntoItAsAWhole()
    {
        PlacementPlan plan = Branches().Node("Transpose", "a", "t").Node("Flatten", "t", "f").Node("Concat", "f b", "c").Node("Conv", "c w", "y").Plan();

        Assert.AreEqual("c", plan.Activation("a").JoinedInto);
        Assert.AreEqual("a", plan.Activation("t").TiedTo);
        Assert.IsNull(plan.Activation("t").JoinedInto);
    }

    [TestMethod]
    public void Of_ConcatenationOfConcatenations_EachGoesIntoTheNext()
    {
        PlacementPlan plan = Branches().Node("Concat", "a b", "c").Node("Conv", "x w", "d").Node("Concat", "c d", "e").Node("Conv", "e w", "y").Plan();

        Assert.AreEqual("c", plan.Activation("a").JoinedInto);
        Assert.AreEqual("e", plan.Activation("c").JoinedInto);
    }

    [TestMethod]
    public void Of_OtherReaders_KeepTheirOwn()
    {
        PlacementPlan plan = Branches().Output("b").Output("z").Node("Concat", "a b", "c").Node("Exp", "a", "z").Node("Conv", "c w", "y").Plan();

        Assert.IsNull(plan.Activation("a").JoinedInto);
        Assert.IsNull(plan.Activation("b").JoinedInto);
    }

    [TestMethod]
    public void Of_MovedValueThatSomebodyElseReads_KeepsItsOwn()
    {
        PlacementPlan plan = Branches().Node("Transpose", "a", "t").Node("Conv", "t w", "d").Node("Concat", "t b d", "c").Node("Conv", "c w", "y").Plan();

        Assert.IsNull(plan.Activation("a").JoinedInto);
        Assert.AreEqual("c", plan.Activation("b").JoinedInto);
    }

    [TestMethod]
    public void Of_RangesThatCutOrEndByThemselves_KeepTheirOwn()
    {
        PlacementPlan plan = Branches().Initializer("low", OnnxTensor.Scalar(0)).Initializer("high", OnnxTensor.Scalar(6)).Node("Clip", "a low high", "k")
            .Node("Sigmoid", "b", "s").Node("Concat", "k s", "c").Node("Conv", "c w", "y").Plan();

        Assert.IsNull(plan.Activation("k").JoinedInto);
        Assert.IsNull(plan.Activation("s").JoinedInto);
        Assert.AreEqual(new ReadBounds(0, 1), plan.Activation("s").Bounds);
    }

    private static ModelBuilder Branches() =>
        new ModelBuilder().Input("x", "n,4").Output("y").Weights("w", 4, 4).Node("Conv", "x w", "a").Node("Conv", "x w", "b");
}
