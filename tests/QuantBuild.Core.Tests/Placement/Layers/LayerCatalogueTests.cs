using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.Layers;

[TestClass]
public sealed class LayerCatalogueTests
{
    private static readonly LayerForm Integer8 = new(LayerKernel.Integer, 8);

    private static readonly LayerForm Integer4 = new(LayerKernel.Integer, 4);

    private static readonly LayerForm Dynamic8 = new(LayerKernel.Dynamic, 8);

    private static readonly LayerForm Float4 = new(LayerKernel.Float, 4);

    private static readonly LayerForm Float8 = new(LayerKernel.Float, 8);

    private static ModelBuilder TwoProducts => new ModelBuilder().Input("x", "n,32").Weights("w", 32, 32).Weights("v", 32, 160)
        .Node("MatMul", "x w", "y", ("name", "first")).Node("MatMul", "y v", "z", ("name", "second")).Output("z");

    [TestMethod]
    public void Of_Products_AllFormsInOrderFloat32Last()
    {
        LayerCatalogue catalogue = Of(TwoProducts);

        CollectionAssert.AreEqual(new[] { "first", "second" }, catalogue.Layers.Select(layer => layer.Name).ToArray());
        Assert.AreEqual(LayerForm.Float32, catalogue.Layers[0].Forms[^1].Form);
        foreach (LayerForm form in new[] { Integer8, Integer4, Float4, Float8 })
            Assert.IsNotNull(catalogue.Layers[0].Plan(form), form.ToString());
        Assert.AreEqual(15, catalogue.Layers[0].Forms.Count + catalogue.Layers[0].Refused.Count);
    }

    [TestMethod]
    public void Of_FewerBits_FewerBytes()
    {
        WeightedLayer layer = Of(TwoProducts).Layers[1];

        foreach (LayerKernel kernel in new[] { LayerKernel.Integer, LayerKernel.Float })
        {
            long[] bytes = [.. layer.Forms.Where(plan => plan.Form.Kernel == kernel).OrderBy(plan => plan.Form.Bits).Select(plan => plan.Bytes)];
            Assert.IsGreaterThan(3, bytes.Length);
            CollectionAssert.AreEqual(bytes.Order().Distinct().ToArray(), bytes);
        }
    }

    [TestMethod]
    public void Of_SmallAndLargeProduct_OnlyTheLargeOneIsDynamic()
    {
        LayerCatalogue catalogue = Of(new ModelBuilder().Input("x", "n,32").Weights("w", 32, 32).Weights("v", 32, 1024)
            .Node("MatMul", "x w", "y", ("name", "first")).Node("MatMul", "y v", "z", ("name", "second")).Output("z"));

        Assert.IsNull(catalogue.Layers[0].Plan(Dynamic8));
        StringAssert.Contains(catalogue.Layers[0].Refused.Single(refused => refused.Form == Dynamic8).Reason, "only 1024 weights");
        Assert.IsNotNull(catalogue.Layers[1].Plan(Dynamic8));
    }

    [TestMethod]
    public void Of_ExcludedNode_OnlyFloat32()
    {
        WeightedLayer layer = Of(TwoProducts, excluded: "second").Layers[1];

        Assert.AreEqual(LayerForm.Float32, layer.Forms.Single().Form);
        Assert.IsTrue(layer.Refused.All(refused => refused.Reason == "excluded by ExcludedNodes"));
    }

    [TestMethod]
    public void Of_SharedWeight_OneLayerWithoutFewBitsInIntegers()
    {
        LayerCatalogue catalogue = Of(new ModelBuilder().Input("x", "n,32").Weights("w", 32, 32)
            .Node("MatMul", "x w", "y", ("name", "first")).Node("MatMul", "y w", "z", ("name", "second")).Output("z"));

        WeightedLayer layer = catalogue.Layers.Single();
        Assert.AreEqual("first", layer.Name);
        Assert.AreEqual(2, layer.Nodes.Count);
        Assert.IsNotNull(layer.Plan(Integer8));
        Assert.IsNull(layer.Plan(Integer4));
        Assert.IsNotNull(layer.Plan(Float4));
    }

    [TestMethod]
    public void Of_RecurrentNode_OneLayerOfTwoWeights()
    {
        LayerCatalogue catalogue = Of(
            new ModelBuilder().Input("x", "8,1,64").Weights("w", 1, 256, 64).Weights("r", 1, 256, 64)
                .Node("LSTM", "x w r", "y", ("hidden_size", 64), ("name", "lstm")).Output("y"),
            ("x", PlacementTesting.Float(8, 1, 64)), ("y", PlacementTesting.Float(8, 1, 1, 64)));

        WeightedLayer layer = catalogue.Layers.Single();
        Assert.AreEqual(2, layer.Weights.Count);
        Assert.IsNotNull(layer.Plan(Dynamic8));
        Assert.IsNull(layer.Plan(Integer8));
        Assert.AreEqual(2, layer.Plan(Float4)!.Targets.Count);
    }

    [TestMethod]
    public void Of_EmbeddingTable_IsALayerOfFloatForms()
    {
        LayerCatalogue catalogue = Of(
            new ModelBuilder().Input("ids", "n,4", OnnxElementType.Int64).Weights("words", 100, 32).Weights("scale", 32)
                .Node("Gather", "words ids", "x", ("name", "table")).Node("Mul", "x scale", "y").Output("y"),
            ("ids", PlacementTesting.Of(OnnxElementType.Int64)));

        WeightedLayer layer = catalogue.Layers.Single();
        Assert.AreEqual("table", layer.Name);
        Assert.IsTrue(layer.Forms.All(plan => plan.Form.Kernel == LayerKernel.Float));
        Assert.IsNotNull(layer.Plan(Float4));
    }

    [TestMethod]
    public void Of_ChainInIntegers_CostsLessThanAlone()
    {
        LayerCatalogue catalogue = Of(
            new ModelBuilder().Input("x", "n,512").Weights("w", 512, 512).Weights("v", 512, 512)
                .Node("MatMul", "x w", "y", ("name", "first")).Node("MatMul", "y v", "z", ("name", "second")).Output("z"),
            ("x", PlacementTesting.Float(64, 512)), ("y", PlacementTesting.Float(64, 512)), ("z", PlacementTesting.Float(64, 512)));

        foreach (WeightedLayer layer in catalogue.Layers)
            Assert.IsLessThan(layer.Plan(LayerForm.Float32)!.Cost, layer.Plan(Integer8)!.Cost);
        Assert.AreEqual(catalogue.FloatCost, catalogue.Layers.Sum(layer => layer.Plan(LayerForm.Float32)!.Cost) + catalogue.OtherCost, 1e-6 * catalogue.FloatCost);
    }

    private static LayerCatalogue Of(ModelBuilder builder, params (string Value, TensorFact Fact)[] known) => Of(builder, null, known);

    private static LayerCatalogue Of(ModelBuilder builder, string? excluded, params (string Value, TensorFact Fact)[] known)
    {
        OnnxGraph graph = builder.Build().Graph;
        TensorFacts facts = PlacementTesting.Facts(graph, known);
        QuantizationSettings settings = TestSettings.Of(QuantizationScheme.Static) with { ExcludedNodes = excluded is null ? [] : [excluded] };
        PlacementPlan plan = PlacementPlanner.Plan(graph, facts, NodeExclusion.None);
        return LayerCatalogue.Of(graph, facts, plan, settings, static (_, _) => null);
    }
}
