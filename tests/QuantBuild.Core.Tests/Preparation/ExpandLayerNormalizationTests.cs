using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class ExpandLayerNormalizationTests
{
    private static readonly string[] Parts = ["ReduceMean", "Sub", "Mul", "ReduceMean", "Add", "Sqrt", "Reciprocal", "Mul", "Mul"];

    [TestMethod]
    [DataRow(17)]
    [DataRow(18)]
    public void Run_Operator_Parts(int opset)
    {
        (OnnxModel model, _) = new ExpandLayerNormalization().Run(Model("n,s,64", opset)
            .Node("LayerNormalization", "x gain offset", "y - -").Output("y"));

        CollectionAssert.AreEqual(Parts.Append("Add").ToArray(), model.Operators());
        Assert.AreEqual(opset < 18, model.Graph.Nodes[0].HasAttribute("axes"));
        Assert.AreEqual(1, model.Graph.ProducerOf("y")!.Outputs.Count);
        Assert.AreEqual(0, model.Graph.ProducerOf("y")!.AttributeNames.Count());
    }

    [TestMethod]
    public void Run_WithoutOffset_EndsWithTheGain()
    {
        (OnnxModel model, _) = new ExpandLayerNormalization().Run(Model("n,s,64").Node("LayerNormalization", "x gain", "y", ("axis", 2))
            .Output("y"));

        CollectionAssert.AreEqual(Parts, model.Operators());
    }

    [TestMethod]
    public void Run_PowerOfDeviations_IsAProduct()
    {
        (OnnxModel model, _) = new ExpandLayerNormalization().Run(Model("n,s,64").Initializer("two", OnnxTensor.Scalar(2))
            .Node("ReduceMean", "x", "m", ("axes", new[] { -1 })).Node("Sub", "x m", "d").Node("Pow", "d two", "y").Output("y"));

        CollectionAssert.AreEqual(new[] { "d", "d" }, model.Graph.ProducerOf("y")!.Inputs.ToArray());
    }

    [TestMethod]
    public void Run_FewElements_Stays() =>
        new ExpandLayerNormalization().AssertIgnores(Model("n,4,64").Node("LayerNormalization", "x gain offset", "y").Output("y"));

    [TestMethod]
    public void Run_UnknownShape_CountsAsASequence()
    {
        (OnnxModel model, _) = new ExpandLayerNormalization().Run(Model(null).Node("LayerNormalization", "x gain offset", "y").Output("y"));

        Assert.IsFalse(model.Operators().Contains("LayerNormalization"));
    }

    [TestMethod]
    public void Run_SeveralAxes_Stays() =>
        new ExpandLayerNormalization().AssertIgnores(Model("n,64,64").Node("LayerNormalization", "x gain offset", "y", ("axis", 1))
            .Output("y"));

    [TestMethod]
    public void Run_StatisticsRead_Stays() =>
        new ExpandLayerNormalization().AssertIgnores(Model("n,64,64").Node("LayerNormalization", "x gain offset", "y m").Output("y")
            .Output("m"));

    [TestMethod]
    public void Run_OnlyReaderOfAnAddition_IsLeftToTheRuntime() =>
        new ExpandLayerNormalization().AssertIgnores(Model("n,64,64").Input("z", "n,64,64").Node("Add", "x z", "a")
            .Node("LayerNormalization", "a gain offset", "y")
            .Output("y"));

    [TestMethod]
    public void Run_AdditionWithOtherReaders_Expands()
    {
        (OnnxModel model, _) = new ExpandLayerNormalization().Run(Model("n,64,64").Input("z", "n,64,64").Node("Add", "x z", "a")
            .Node("LayerNormalization", "a gain offset", "b").Node("Add", "a b", "y").Output("y"));

        Assert.IsFalse(model.Operators().Contains("LayerNormalization"));
    }

    private static ModelBuilder Model(string? shape, int opset = 17) =>
        new ModelBuilder(opset).Input("x", shape).Weights("gain", 64).Weights("offset", 64);
}
