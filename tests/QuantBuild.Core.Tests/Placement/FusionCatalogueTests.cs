using QuantBuild.Placement;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class FusionCatalogueTests
{
    public static IEnumerable<object[]> Operators => FusionCatalogue.Rows.Select(row => new object[] { row.OpType });

    /// <summary>What preparation gives is new enough for every kernel, so that no rule has to ask.</summary>
    [TestMethod]
    public void Rows_NeedNoNewerOpsetThanIsPrepared() =>
        Assert.IsTrue(FusionCatalogue.Rows.All(row => row.Opset <= RaiseOpset.Target));

    [TestMethod]
    [DynamicData(nameof(Operators))]
    public void Row_OfAnotherDomain_IsNotMeant(string opType) =>
        new ModelBuilder().Domain("com.example", 1).Input("x", "n,4").Output("y").Weights("w", 4, 4).Node(opType, "x w", "y", ("domain", "com.example")).Plan()
            .AssertStaysFloat("y", "operators of the domain 'com.example' are left as they are");

    [TestMethod]
    [DynamicData(nameof(Operators))]
    public void Row_ItsOperator_IsJudgedByARule(string opType)
    {
        PlacementPlan plan = new ModelBuilder().Input("x", "n,4").Output("y").Node(opType, "x x x", "y").Plan();

        Assert.IsFalse(plan.FloatNodes.Any(node => node.Reason.Contains("is not known", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("Relu", "no integer kernel in front of it can cut its output there")]
    [DataRow("PRelu", "the runtime computes this activation function in float only")]
    [DataRow("Softmax", "its integer kernel is slower than the float one and coarser")]
    [DataRow("ConvTranspose", "the runtime has no integer kernel for a convolution of this kind")]
    [DataRow("LayerNormalization", "a normalization divides by what it measures of its input, which takes floats")]
    [DataRow("Sub", "the runtime does this arithmetic in float only")]
    [DataRow("LSTM", "the runtime fuses no recurrent layer that reads quantized values")]
    [DataRow("Shape", "it computes shapes, indices or types, no activations")]
    [DataRow("Invented", "the runtime is not known to have an integer kernel for this operator")]
    public void Operator_WithoutARow_HasTheReasonOfItsFamily(string opType, string reason) =>
        new ModelBuilder().Input("x", "n,4").Output("y").Node(opType, "x", "y").Plan().AssertStaysFloat("y", reason);
}
