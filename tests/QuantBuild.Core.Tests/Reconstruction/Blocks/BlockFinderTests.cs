using QuantBuild.Onnx;
using QuantBuild.Reconstruction.Blocks;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.Blocks;

[TestClass]
public sealed class BlockFinderTests
{
    [TestMethod]
    public void Find_InvertedResiduals_OneBlockEach()
    {
        BlockPlan plan = BlockNet.Mobile.Plan(3);

        Assert.AreEqual("x→p0: w0 w1 w2; p0→y: w3 w4 w5", Text(plan));
        Assert.AreEqual(0, plan.Skipped.Count);
    }

    [TestMethod]
    public void Find_RoomForAllWeights_OneBlock() => Assert.AreEqual("x→y: w0 w1 w2 w3 w4 w5", Text(BlockNet.Mobile.Plan(int.MaxValue)));

    [TestMethod]
    public void Find_MoreWeightsThanAllowedWithoutCut_StillOneBlock() =>
        Assert.AreEqual("x→r0: w0; r0→r1: w1; r1→p0: w2; p0→y: w3 w4 w5", Text(BlockNet.Mobile.Plan(1)).Replace("e0", "r0").Replace("d0", "r1"));

    [TestMethod]
    public void Find_Encoder_CutsBetweenAttentionAndHiddenLayer() =>
        Assert.AreEqual("n0→h: wq wk wv wo; h→y: wu wd", Text(BlockNet.Encoder.Plan(4)));

    [TestMethod]
    public void Find_Sizes_CutsWhereTheDataIsLeast()
    {
        OnnxGraph graph = Chain().Graph;

        BlockPlan plan = BlockFinder.Find(graph, Names(graph), 2, value => value == "a" ? 1 : 10);

        Assert.AreEqual("x→a: w0; a→y: w1 w2", Text(plan));
    }

    [TestMethod]
    public void Find_OperatorWithoutGradient_IsSkippedWithItsReasonAndTheRestIsLearned()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Weights("w0", 4, 4).Weights("w1", 4, 4).Weights("w2", 4, 4)
            .Node("MatMul", "x w0", "a").Node("MatMul", "a w1", "b").Node("Add", "a b", "c").Node("Sin", "c", "d", ("name", "wave"))
            .Node("MatMul", "d w2", "y").Output("y").Build().Graph;

        BlockPlan plan = BlockFinder.Find(graph, Names(graph), 4);

        Assert.AreEqual("x→c: w0 w1; d→y: w2", Text(plan));
        Assert.AreEqual(0, plan.Skipped.Count, "a part without weights has nothing to be learned");
    }

    [TestMethod]
    public void Find_WeightsBesideAnOperatorWithoutGradient_AreSkippedWithTheReason()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Weights("w0", 4, 4).Weights("w1", 4, 4)
            .Node("MatMul", "x w0", "a").Node("Sin", "a", "s", ("name", "wave")).Node("MatMul", "s w1", "b").Node("Add", "a b", "y").Output("y").Build().Graph;

        BlockPlan plan = BlockFinder.Find(graph, Names(graph), 4);

        Assert.AreEqual("x→a: w0", Text(plan));
        Assert.AreEqual("y", plan.Skipped.Single().Output);
        StringAssert.Contains(plan.Skipped[0].Reason, "'wave' cannot be learned through: Sin has no gradient here.");
    }

    [TestMethod]
    public void Find_MaskThatNoWeightTouches_IsASideInput()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Input("mask", "n,4").Weights("w0", 4, 4).Weights("w1", 4, 4)
            .Node("Neg", "mask", "bias").Node("MatMul", "x w0", "a").Node("Add", "a bias", "b").Node("MatMul", "b w1", "c").Node("Add", "c bias", "y")
            .Output("y").Build().Graph;

        BlockPlan plan = BlockFinder.Find(graph, Names(graph), 1);

        Assert.AreEqual(2, plan.Blocks.Count);
        Assert.IsNull(plan.Blocks[0].Input);
        CollectionAssert.AreEqual(new[] { "bias" }, plan.Blocks[1].SideInputs.ToArray());
        Assert.IsTrue(plan.Blocks.All(block => block.Nodes.All(node => !node.Is("Neg"))));
    }

    [TestMethod]
    public void Find_WeightOfTwoBlocks_StaysAsItIs()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Weights("w0", 4, 4).Weights("w1", 4, 4)
            .Node("MatMul", "x w0", "a").Node("MatMul", "a w1", "b").Node("MatMul", "b w0", "c").Node("MatMul", "c w1", "y").Output("y").Build().Graph;

        Assert.AreEqual("", Text(BlockFinder.Find(graph, Names(graph), 2)));
        Assert.AreEqual("x→y: w0 w1", Text(BlockFinder.Find(graph, Names(graph), 4)));
    }

    [TestMethod]
    public void Find_SeveralOutputs_TheLastPartIsSkipped()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Weights("w0", 4, 4).Weights("w1", 4, 4).Weights("w2", 4, 4)
            .Node("MatMul", "x w0", "a").Node("MatMul", "a w1", "y").Node("MatMul", "a w2", "z").Output("y").Output("z").Build().Graph;

        BlockPlan plan = BlockFinder.Find(graph, Names(graph), 4);

        Assert.AreEqual("x→a: w0", Text(plan));
        StringAssert.Contains(plan.Skipped.Single().Reason, "2 values");
    }

    private static OnnxModel Chain() => new ModelBuilder().Input("x", "n,4").Weights("w0", 4, 4).Weights("w1", 4, 4).Weights("w2", 4, 4)
        .Node("MatMul", "x w0", "a").Node("MatMul", "a w1", "b").Node("MatMul", "b w2", "y").Output("y").Build();

    private static HashSet<string> Names(OnnxGraph graph) => graph.InitializerNames.ToHashSet(StringComparer.Ordinal);

    private static string Text(BlockPlan plan) =>
        string.Join("; ", plan.Blocks.Select(block => $"{block.Inputs[0]}→{block.Output}: {string.Join(' ', block.Weights)}"));
}
