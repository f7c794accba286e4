using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class MergeEqualInitializersTests
{
    [TestMethod]
    public void Run_SameTypeShapeAndBytes_FirstStays()
    {
        (OnnxModel model, PassOutcome outcome) = new MergeEqualInitializers().Run(Sum(OnnxTensor.Int64s(1, 2), OnnxTensor.Int64s(1, 2)));

        CollectionAssert.AreEqual(new[] { "a", "a" }, model.Graph.Nodes[0].Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "a" }, model.Graph.InitializerNames.ToArray());
        Assert.AreEqual(1, outcome.Applied);
    }

    [TestMethod]
    public void Run_OtherShape_Stays() =>
        new MergeEqualInitializers().AssertIgnores(Sum(OnnxTensor.Int64s(1, 2), OnnxTensor.Int64s(1, 2).Reshape(1, 2)));

    [TestMethod]
    public void Run_OtherTypeOfSameBytes_Stays() =>
        new MergeEqualInitializers().AssertIgnores(Sum(OnnxTensor.Int64s(0), OnnxTensor.Create<double>(OnnxElementType.Double, [1], [0])));

    [TestMethod]
    public void Run_NegativeZero_Stays() => new MergeEqualInitializers().AssertIgnores(Sum(OnnxTensor.Scalar(0f), OnnxTensor.Scalar(-0f)));

    [TestMethod]
    public void Run_OutputOrInputOfTheGraph_Stays()
    {
        new MergeEqualInitializers()
            .AssertIgnores(Sum(OnnxTensor.Int64s(1), OnnxTensor.Int64s(1)).Output("b", null, OnnxElementType.Int64));
        new MergeEqualInitializers().AssertIgnores(Sum(OnnxTensor.Int64s(1), OnnxTensor.Int64s(1)).AsInput("b"));
    }

    [TestMethod]
    public void Run_ReadByABody_BodyReadsTheFirst()
    {
        (OnnxModel model, _) = new MergeEqualInitializers()
            .Run(Sum(OnnxTensor.Int64s(1), OnnxTensor.Int64s(1)).Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "z", ("then_branch", new GraphBuilder().Node("Neg", "b", "t").Output("t"))).Output("z"));

        Assert.AreEqual("a", model.Graph.Nodes[1].Subgraphs[0].Nodes[0].Inputs[0]);
    }

    private static ModelBuilder Sum(OnnxTensor a, OnnxTensor b) =>
        new ModelBuilder().Initializer("a", a).Initializer("b", b).Node("Sum", "a b", "y").Output("y");
}
