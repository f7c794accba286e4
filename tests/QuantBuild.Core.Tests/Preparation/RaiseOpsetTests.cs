using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Preparation.Opsets;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class RaiseOpsetTests
{
    [TestMethod]
    [DataRow(13)]
    [DataRow(17)]
    [DataRow(23)]
    public void Run_NewEnough_Untouched(int opset) =>
        new RaiseOpset(PassTesting.Origin).AssertIgnores(new ModelBuilder(opset).Input("x", "3,4").Node("Softmax", "x", "y").Output("y"));

    [TestMethod]
    public void Run_OtherDomains_Untouched()
    {
        (OnnxModel model, PassOutcome outcome) = new RaiseOpset(PassTesting.Origin).Run(
            new ModelBuilder(9).Domain("com.example", 1).Input("x", "3").Node("Clip", "x", "y", ("domain", "com.example"), ("min", 0f))
                .Output("y"));

        Assert.AreEqual(0, outcome.Applied);
        Assert.AreEqual(13, model.Opset);
        Assert.IsTrue(model.Graph.Nodes[0].HasAttribute("min"));
    }

    [TestMethod]
    public void Run_NoExactForm_QB3002NamesOpsetsNodeAndReason()
    {
        ModelBuilder builder = new ModelBuilder(8).Input("x", "1,3,2")
            .Node("BatchNormalization", "x s b m v", "y", ("name", "culprit"), ("spatial", 0)).Output("y")
            .Weights("s", 3, 2).Weights("b", 3, 2).Weights("m", 3, 2).Weights("v", 3, 2);

        var exception = Assert.ThrowsExactly<QuantBuildException>(() => new RaiseOpset(PassTesting.Origin).Run(builder));

        Assert.AreEqual("QB3002", exception.Diagnostic.Code);
        foreach (string part in new[] { "'model.onnx'", "opset 8", "'culprit'", "(BatchNormalization)", "opset 13", "spatial=0" })
            StringAssert.Contains(exception.Message, part);
    }

    [TestMethod]
    public void Run_Double_BoundsAreDouble()
    {
        (OnnxModel model, _) = new RaiseOpset(PassTesting.Origin).Run(
            new ModelBuilder(7).Input("x", "4", OnnxElementType.Double).Node("Clip", "x", "y", ("min", 0f))
                .Output("y", null, OnnxElementType.Double));

        Assert.AreEqual(OnnxElementType.Double, model.Graph.InitializerTypeOf(model.Graph.Nodes[0].Inputs[1]));
    }

    [TestMethod]
    public void Run_Half_AbsentBoundsAreTheExtremesOfHalf()
    {
        (OnnxModel model, _) = new RaiseOpset(PassTesting.Origin).Run(
            new ModelBuilder(7).Input("x", "4", OnnxElementType.Float16).Node("Clip", "x", "y").Output("y", null, OnnxElementType.Float16));

        Assert.AreEqual(Half.MaxValue, model.Graph.InitializerOf(model.Graph.Nodes[0].Inputs[2])!.Values<Half>()[0]);
    }

    [TestMethod]
    public void Run_BoundsOfUnknownType_QB3002()
    {
        ModelBuilder builder = new ModelBuilder(9).Domain("other", 1).Input("x", "4", OnnxElementType.Int64)
            .Node("Custom", "x", "u", ("domain", "other"))
            .Node("Clip", "u", "y").Output("y", null, OnnxElementType.Int64);

        StringAssert.Contains(Assert.ThrowsExactly<QuantBuildException>(() => new RaiseOpset(PassTesting.Origin).Run(builder)).Message,
            "element type");
    }

    [TestMethod]
    public void All_Converters_OnePerOperatorAndOpset()
    {
        string[] keys = [.. OpsetConverters.All.Select(converter => $"{converter.OpType} {converter.Opset}")];

        CollectionAssert.AllItemsAreUnique(keys);
        Assert.IsTrue(OpsetConverters.All.All(converter => converter.Opset is > OnnxModel.OldestOpset and <= RaiseOpset.Target));
    }
}
