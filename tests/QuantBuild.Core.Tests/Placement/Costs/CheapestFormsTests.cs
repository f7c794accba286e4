using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.Costs;

[TestClass]
public sealed class CheapestFormsTests
{
    private const string Slower = "with the conversions around it, it would take longer in integers";

    [TestMethod]
    public void Plan_LatencyWideConvolutions_RunInIntegers()
    {
        PlacementPlan plan = Plan(Convolutions(channels: 128, side: 28, groups: 1), QuantizationObjective.Latency);

        CollectionAssert.AreEqual(new[] { "Conv", "Conv" }, plan.PlannedOperators());
    }

    [TestMethod]
    public void Plan_LatencyDepthwiseConvolutions_StayFloat()
    {
        PlacementPlan plan = Plan(Convolutions(channels: 72, side: 28, groups: 72), QuantizationObjective.Latency);

        Assert.IsEmpty(plan.Nodes);
        Assert.IsTrue(plan.FloatNodes.All(node => node.Reason == Slower));
    }

    [TestMethod]
    public void Plan_SizeDepthwiseConvolutions_RunInIntegersBecauseTheyHaveWeights()
    {
        PlacementPlan plan = Plan(Convolutions(channels: 72, side: 28, groups: 72), QuantizationObjective.Size);

        CollectionAssert.AreEqual(new[] { "Conv", "Conv" }, plan.PlannedOperators());
    }

    [TestMethod]
    public void Plan_SmallGain_StaysFloatAltogether()
    {
        // One small product between two conversions.
        ModelBuilder builder = new ModelBuilder().Input("x", "1,32").Output("y").Weights("w", 32, 64).Node("MatMul", "x w", "y", ("name", "product"));

        PlacementPlan plan = Plan((builder, [("x", [1, 32]), ("y", [1, 64])]), QuantizationObjective.Latency);

        plan.AssertStaysFloat("product", Slower);
    }

    [TestMethod]
    public void Plan_SlowPoolBetweenConvolutions_StaysFloatWithEitherObjective()
    {
        (ModelBuilder, (string, long[])[]) Model() => (
            new ModelBuilder().Input("x", "1,64,56,56").Output("y").Weights("w1", 64, 64, 3, 3).Weights("w2", 64, 64, 3, 3)
                .Node("Conv", "x w1", "a", ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("AveragePool", "a", "b", ("name", "pool"), ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Conv", "b w2", "y", ("pads", new long[] { 1, 1, 1, 1 })),
            [("x", [1, 64, 56, 56]), ("a", [1, 64, 56, 56]), ("b", [1, 64, 56, 56]), ("y", [1, 64, 56, 56])]);

        foreach (QuantizationObjective objective in Enum.GetValues<QuantizationObjective>())
            Plan(Model(), objective).AssertStaysFloat("pool", Slower);
    }

    /// <summary>MatMul adds an axis to a vector and takes it off again.</summary>
    [TestMethod]
    [DataRow("4", "4,3", "3")]
    [DataRow("2,4", "4", "2")]
    [DataRow("4", "4", "")]
    public void Plan_ProductWithAVector_HasACost(string left, string right, string product)
    {
        static long[] Shape(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        ModelBuilder builder = new ModelBuilder().Input("a", left).Input("b", right).Node("MatMul", "a b", "y", ("name", "product")).Output("y");

        foreach (QuantizationObjective objective in Enum.GetValues<QuantizationObjective>())
            Plan((builder, [("a", Shape(left)), ("b", Shape(right)), ("y", Shape(product))]), objective).AssertStaysFloat("product", Slower);
    }

    /// <summary>The runtime dequantizes for every reader: with enough of them a gain is eaten up.</summary>
    [TestMethod]
    [DataRow(1, true)]
    [DataRow(100, false)]
    public void Plan_LatencyConvolutionWithFloatReaders_DependsOnHowManyThereAre(int readers, bool integer)
    {
        (ModelBuilder builder, (string, long[])[] shapes) = Convolutions(channels: 32, side: 28, groups: 1);
        for (int i = 0; i < readers; i++)
            builder.Node("Sin", "a", $"s{i}").Output($"s{i}");

        PlacementPlan plan = Plan((builder, shapes), QuantizationObjective.Latency);

        Assert.AreEqual(integer, plan.Nodes.Any(node => node.Output == "a"));
    }

    private static (ModelBuilder, (string, long[])[]) Convolutions(int channels, int side, int groups)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", $"1,{channels},{side},{side}").Output("y")
            .Weights("w1", channels, channels / groups, 3, 3).Weights("w2", channels, channels / groups, 3, 3);
        foreach ((string input, string output, string weight) in new[] { ("x", "a", "w1"), ("a", "y", "w2") })
            builder.Node("Conv", $"{input} {weight}", output, ("group", groups), ("pads", new long[] { 1, 1, 1, 1 }));
        long[] shape = [1, channels, side, side];
        return (builder, [("x", shape), ("a", shape), ("y", shape)]);
    }

    private static PlacementPlan Plan((ModelBuilder Builder, (string Value, long[] Shape)[] Shapes) model, QuantizationObjective objective)
    {
        OnnxGraph graph = model.Builder.Build().Graph;
        TensorFacts facts = PlacementTesting.Facts(graph, [.. model.Shapes.Select(entry => (entry.Value, PlacementTesting.Float(entry.Shape)))]);
        return PlacementPlanner.Plan(graph, facts, NodeExclusion.None, objective);
    }
}
