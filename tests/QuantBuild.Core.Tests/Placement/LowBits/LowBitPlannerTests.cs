using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.LowBits;

[TestClass]
public sealed class LowBitPlannerTests
{
    [TestMethod]
    public void Plan_LargeWeights_AreTargetsInBlocks()
    {
        LowBitTarget[] targets = [.. Plan(Net()).Targets];

        CollectionAssert.AreEqual(new[] { "c", "m", "t" }, targets.Select(target => target.Name).ToArray());
        LowBitTarget convolution = targets.Single(target => target.Name == "c");
        Assert.AreEqual(new WeightMatrix(1, 64, 144), convolution.Matrix);
        Assert.AreEqual(32, convolution.BlockColumns);
        Assert.AreEqual(4, convolution.Bits);
        Assert.AreEqual(new WeightMatrix(64, 96, 1), targets.Single(target => target.Name == "m").Matrix);
        Assert.IsFalse(targets.Any(target => target.IsInteger));
    }

    [TestMethod]
    public void Plan_SmallAndDepthwiseWeights_KeepEightBits()
    {
        string[] names = [.. Plan(Net()).Targets.Select(target => target.Name)];

        CollectionAssert.DoesNotContain(names, "d", "nine weights per channel");
        CollectionAssert.DoesNotContain(names, "s", "less than a sixteenth of all");
    }

    [TestMethod]
    public void Plan_BlockSize_IsThatOfTheSetting()
    {
        LowBitPlan blocks = Plan(Net(), new LowBitSettings { Bits = 4, BlockSize = 16 });
        LowBitPlan channels = Plan(Net(), new LowBitSettings { Bits = 4, BlockSize = int.MaxValue });

        Assert.IsTrue(blocks.Targets.All(target => target.BlockColumns == 16));
        Assert.IsTrue(channels.Targets.All(target => target.BlockColumns == target.Matrix.Columns));
    }

    [TestMethod]
    public void Plan_ExcludedNode_KeepsItsWeight()
    {
        QuantizationSettings settings = TestSettings.Of(QuantizationScheme.WeightOnly) with { LowBits = new LowBitSettings { Bits = 4 }, ExcludedOperators = ["MatMul"] };

        LowBitPlan plan = PlacementPlanner.Plan(Net().Graph, TensorFacts.None, settings, new DiagnosticOrigin("m.onnx"), new DiagnosticBag()).LowBits;

        CollectionAssert.DoesNotContain(plan.Targets.Select(target => target.Name).ToArray(), "m");
    }

    [TestMethod]
    public void Plan_WeightThatABodyReads_TheReaderStandsInTheBody()
    {
        GraphBuilder Branch(string output, string weight) => new GraphBuilder().Node("Conv", $"x {weight}", output).Output(output);
        OnnxModel model = new ModelBuilder().Input("x", "1,64,4,4").Input("c", "", OnnxElementType.Bool).Output("y")
            .Weights("w", 64, 64, 1, 1).Weights("v", 64, 64, 1, 1)
            .Node("If", "c", "y", ("then_branch", Branch("t", "w")), ("else_branch", Branch("e", "v"))).Build();

        LowBitTarget target = Plan(model, facts: Facts(model.Graph)).Targets.First(target => target.Name == "w");

        Assert.AreSame(model.Graph, target.Key.Graph);
        Assert.AreSame(model.Graph.Nodes[0].Body("then_branch"), target.ReaderGraph);
    }

    [TestMethod]
    [DataRow(65536, 10, false, DisplayName = "34 GB")]
    [DataRow(25088, 64, false, DisplayName = "5 GB")]
    [DataRow(4096, 64, true)]
    public void Takes_InputsOfAProduct_AreNotTooMany(int inputs, int outputs, bool takes)
    {
        OnnxModel model = new ModelBuilder().Input("x", $"n,{inputs}").Output("y").Weights("w", inputs, outputs).Node("Gemm", "x w", "y").Build();

        PlannedNode reader = Plan(model, facts: Facts(model.Graph)).Targets.Single().Reader!;

        Assert.AreEqual(takes, MomentReader.Takes(reader, model.Graph));
        Assert.IsGreaterThanOrEqualTo(2L * sizeof(double) * inputs * inputs, MomentReader.BytesOf(reader, model.Graph));
    }

    [TestMethod]
    public void Plan_EightBits_IsNothing() => Assert.IsEmpty(Plan(Net(), LowBitSettings.EightBits).Targets);

    /// <summary>A convolution, a depthwise one, a product, a table and a small product.</summary>
    private static OnnxModel Net() => new ModelBuilder().Input("x", "1,16,8,8").Input("a", "1,64").Input("i", "n", OnnxElementType.Int64).Output("y").Output("p").Output("e")
        .Weights("c", 64, 16, 3, 3).Weights("d", 64, 1, 3, 3).Weights("m", 64, 96).Weights("s", 96, 8).Weights("t", 500, 32)
        .Node("Conv", "x c", "v").Node("Conv", "v d", "y", ("group", 64)).Node("MatMul", "a m", "q").Node("MatMul", "q s", "p").Node("Gather", "t i", "e").Build();

    /// <summary>Every value is a float image or matrix.</summary>
    private static TensorFacts Facts(OnnxGraph graph) => PlacementTesting.Facts(
        graph, [.. graph.WithBodies.SelectMany(part => part.Nodes.SelectMany(node => node.Outputs)).Select(value => (value, PlacementTesting.Float(4, 4)))]);

    private static LowBitPlan Plan(OnnxModel model, LowBitSettings? lowBits = null, TensorFacts? facts = null) => PlacementPlanner.Plan(
        model.Graph, facts ?? TensorFacts.None, TestSettings.Of(QuantizationScheme.WeightOnly) with { LowBits = lowBits ?? new LowBitSettings { Bits = 4 } },
        new DiagnosticOrigin("m.onnx"), new DiagnosticBag()).LowBits;
}
