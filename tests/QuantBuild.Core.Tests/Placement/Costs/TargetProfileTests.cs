using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.Costs;

[TestClass]
public sealed class TargetProfileTests
{
    public static IEnumerable<object[]> Profiles => Enum.GetValues<TargetProfile>().Select(profile => new object[] { profile.ToString() });

    [TestMethod]
    [DynamicData(nameof(Profiles))]
    public void Plan_EveryProfile_RunsWideProductsInIntegers(string name)
    {
        var profile = Enum.Parse<TargetProfile>(name);
        (ModelBuilder, (string, long[])[]) model = (
            new ModelBuilder().Input("x", "256,1024").Output("y").Weights("w", 1024, 1024).Weights("v", 1024, 1024).Node("MatMul", "x w", "a").Node("MatMul", "a v", "y"),
            [("x", [256, 1024]), ("a", [256, 1024]), ("y", [256, 1024])]);

        PlacementPlan plan = Plan(model, profile);

        CollectionAssert.AreEqual(new[] { "MatMul", "MatMul" }, plan.PlannedOperators());
    }

    /// <summary>Without dot products, integers gain less in the wide layers than they lose in the depthwise ones.</summary>
    [TestMethod]
    [DataRow("X64Vnni", true)]
    [DataRow("X64", false)]
    [DataRow("Int8Accelerator", true)]
    public void Plan_SmallDepthwiseNet_DependsOnDotProducts(string name, bool integers) =>
        Assert.AreEqual(integers, Plan(Mobile(), Enum.Parse<TargetProfile>(name)).Nodes.Any(node => node.Node.Is("Conv")));

    /// <summary>On a processor a slow pool stays float between two convolutions; for an accelerator that would be two crossings.</summary>
    [TestMethod]
    [DataRow("X64Vnni", false)]
    [DataRow("Int8Accelerator", true)]
    public void Plan_SlowPoolBetweenConvolutions_StaysOnTheAccelerator(string name, bool integers)
    {
        var profile = Enum.Parse<TargetProfile>(name);
        (ModelBuilder, (string, long[])[]) model = (
            new ModelBuilder().Input("x", "1,64,56,56").Output("y").Weights("w1", 64, 64, 3, 3).Weights("w2", 64, 64, 3, 3)
                .Node("Conv", "x w1", "a", ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("AveragePool", "a", "b", ("name", "pool"), ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Conv", "b w2", "y", ("pads", new long[] { 1, 1, 1, 1 })),
            [("x", [1, 64, 56, 56]), ("a", [1, 64, 56, 56]), ("b", [1, 64, 56, 56]), ("y", [1, 64, 56, 56])]);

        Assert.AreEqual(integers, Plan(model, profile).Nodes.Any(node => node.Node.Is("AveragePool")));
    }

    [TestMethod]
    public void Forms_Int8Accelerator_AreIntegersOfEightBitsAndFloats()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "64,512").Output("y").Weights("w", 512, 512).Node("MatMul", "x w", "y").Build().Graph;
        TensorFacts facts = PlacementTesting.Facts(graph, [("x", PlacementTesting.Float(64, 512)), ("y", PlacementTesting.Float(64, 512))]);
        PlacementPlan plan = PlacementPlanner.Plan(graph, facts, NodeExclusion.None);

        WeightedLayer layer = LayerCatalogue.Of(graph, facts, plan, Settings(TargetProfile.Int8Accelerator), static (_, _) => null).Layers.Single();

        CollectionAssert.AreEqual(new[] { new LayerForm(LayerKernel.Integer, 8), LayerForm.Float32 }, layer.Forms.Select(form => form.Form).ToArray());
        Assert.IsTrue(layer.Refused.All(form => form.Reason.Contains("8-bit integers with calibrated ranges", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("X64", 1)]
    [DataRow("Int8Accelerator", 0)]
    public void Plan_Lstm_HasADynamicKernelOnProcessorsOnly(string name, int dynamic)
    {
        var profile = Enum.Parse<TargetProfile>(name);
        ModelBuilder builder = new ModelBuilder().Input("x", "8,1,64").Output("y").Weights("w", 1, 256, 64).Weights("r", 1, 256, 64)
            .Node("LSTM", "x w r", "y", ("hidden_size", 64L));

        PlacementPlan plan = Plan((builder, [("x", [8, 1, 64]), ("y", [8, 1, 1, 64])]), profile, QuantizationObjective.Size);

        Assert.HasCount(dynamic, plan.DynamicNodes);
    }

    private static (ModelBuilder, (string, long[])[]) Mobile()
    {
        const int narrow = 32;
        const int wide = 128;
        const int side = 14;
        ModelBuilder builder = new ModelBuilder().Input("x", $"1,{narrow},{side},{side}").Output("y2");
        var shapes = new List<(string, long[])> { ("x", [1, narrow, side, side]) };
        string last = "x";
        for (int i = 0; i < 3; i++)
        {
            builder.Weights($"e{i}", wide, narrow, 1, 1).Weights($"d{i}", wide, 1, 3, 3).Weights($"p{i}", narrow, wide, 1, 1)
                .Node("Conv", $"{last} e{i}", $"a{i}")
                .Node("Conv", $"a{i} d{i}", $"b{i}", ("group", (long)wide), ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Conv", $"b{i} p{i}", $"y{i}");
            shapes.AddRange([($"a{i}", [1, wide, side, side]), ($"b{i}", [1, wide, side, side]), ($"y{i}", [1, narrow, side, side])]);
            last = $"y{i}";
        }
        return (builder, [.. shapes]);
    }

    private static QuantizationSettings Settings(TargetProfile profile, QuantizationObjective objective = QuantizationObjective.Latency) =>
        TestSettings.Of(QuantizationScheme.Static) with { TargetProfile = profile, Objective = objective };

    private static PlacementPlan Plan(
        (ModelBuilder Builder, (string Value, long[] Shape)[] Shapes) model, TargetProfile profile, QuantizationObjective objective = QuantizationObjective.Latency)
    {
        OnnxGraph graph = model.Builder.Build().Graph;
        TensorFacts facts = PlacementTesting.Facts(graph, [.. model.Shapes.Select(entry => (entry.Value, PlacementTesting.Float(entry.Shape)))]);
        return PlacementPlanner.Plan(graph, facts, Settings(profile, objective), new DiagnosticOrigin("model.onnx"), new DiagnosticBag());
    }
}
