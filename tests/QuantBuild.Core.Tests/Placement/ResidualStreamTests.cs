using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

/// <summary>Sums between blocks: in float where a normalization reads them, in integers where convolutions do.</summary>
[TestClass]
public sealed class ResidualStreamTests
{
    private const string Reason = "it carries the residual stream, which a normalization reads in float";

    [TestMethod]
    [DataRow("LayerNormalization")]
    [DataRow("SimplifiedLayerNormalization")]
    public void Plan_NormalizationBeforeTheBlock_KeepsTheSumFloat(string normalization) =>
        Branches().Node("Add", "a b", "s").Node(normalization, "s w", "l").Node("Conv", "l w", "c").Node("Add", "s c", "t").Node("Conv", "t w", "y").Plan()
            .AssertStaysFloat("s", Reason);

    [TestMethod]
    public void Plan_NormalizationBehindTheBlock_KeepsTheSumFloat() =>
        Branches().Node("Add", "a b", "s").Node("LayerNormalization", "s w", "l").Node("Conv", "l w", "y").Plan().AssertStaysFloat("s", Reason);

    [TestMethod]
    public void Plan_NormalizationInParts_KeepsTheSumFloat() =>
        Branches().Node("Add", "a b", "s").Node("ReduceMean", "s", "m", ("axes", new[] { -1 })).Node("Sub", "s m", "d").Node("Conv", "s w", "c")
            .Node("Conv", "d w", "e").Node("Add", "c e", "y").Plan().AssertStaysFloat("s", Reason);

    [TestMethod]
    public void Plan_PositionsAddedBeforeANormalization_StayFloat() =>
        new ModelBuilder().Input("x", "n,4").Output("y").Weights("w", 4, 4).Weights("p", 4, 4).Node("Conv", "x w", "a").Node("Add", "a p", "s")
            .Node("LayerNormalization", "s w", "l").Node("Conv", "s w", "c").Node("Conv", "l w", "d").Node("Add", "c d", "y").Plan()
            .AssertStaysFloat("s", Reason);

    [TestMethod]
    public void Plan_SumThatConvolutionsRead_IsInIntegers() =>
        CollectionAssert.AreEqual(
            new[] { "Conv", "Conv", "Add", "Conv", "Add", "Conv" },
            Branches().Node("Add", "a b", "s").Node("Conv", "s w", "c").Node("Add", "s c", "t").Node("Conv", "t w", "y").Plan().PlannedOperators());

    private static ModelBuilder Branches() =>
        new ModelBuilder().Input("x", "n,4").Output("y").Weights("w", 4, 4).Node("Conv", "x w", "a").Node("Conv", "x w", "b");
}
