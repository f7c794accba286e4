using QuantBuild.Differentiation;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction.Blocks;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.Blocks;

[TestClass]
public sealed class BlockReconstructionTests
{
    private static readonly BlockSettings Settings = new() { Iterations = 300, BatchSize = 32 };

    /// <summary>On samples that were not learned from: what is learned by heart does not count.</summary>
    [TestMethod]
    [DataRow("Mobile", 2, 0.6)]
    [DataRow("Mobile", 3, 0.5)]
    [DataRow("Mobile", 4, 0.5)]
    [DataRow("Encoder", 2, 0.5)]
    [DataRow("Encoder", 3, 0.5)]
    [DataRow("Encoder", 4, 0.5)]
    public void Learn_NearestWeights_ErrorOfOtherSamplesFalls(string name, int bits, double part)
    {
        BlockNet net = BlockNet.Of(name);
        LearnedState nearest = net.Nearest(bits);

        SequenceResult result = new BlockSequence(net.Graph, Settings).Learn(net.Plan(4), nearest, net.Reader(net.Inputs("learned")));

        double before = net.ErrorOf(nearest, net.Inputs("others"));
        double after = net.ErrorOf(result.State, net.Inputs("others"));
        Assert.IsLessThan(part * before, after, $"from {before}");
        Assert.AreEqual(0, result.Skipped.Count);
        Assert.IsTrue(result.Blocks.All(block => block.ErrorAfter < block.ErrorBefore));
        Assert.IsTrue(result.State.Weights.All(weight => weight.Value.Codes.All(code => code < 1 << bits)));
    }

    [TestMethod]
    public void Learn_BlocksInsteadOfLayers_ErrorIsSmaller()
    {
        BlockNet net = BlockNet.Mobile;
        RowsReader reader = net.Reader(net.Inputs("learned"));
        LearnedState nearest = net.Nearest(3);

        LearnedState layers = new BlockSequence(net.Graph, Settings).Learn(net.Plan(1), nearest, reader).State;
        LearnedState blocks = new BlockSequence(net.Graph, Settings).Learn(net.Plan(int.MaxValue), nearest, reader).State;

        Assert.IsLessThan(0.9 * net.ErrorOf(layers, net.Inputs("others")), net.ErrorOf(blocks, net.Inputs("others")));
    }

    [TestMethod]
    public void Learn_Codebook_ErrorFallsAndCodebookStays()
    {
        BlockNet net = BlockNet.Encoder;
        LearnedState nearest = net.Nearest(3, hasCodebook: true);

        LearnedState state = new BlockSequence(net.Graph, Settings).Learn(net.Plan(4), nearest, net.Reader(net.Inputs("learned"))).State;

        Assert.IsLessThan(0.5 * net.ErrorOf(nearest, net.Inputs("others")), net.ErrorOf(state, net.Inputs("others")));
        foreach ((ConstantKey key, LowBitWeight weight) in state.Weights)
        {
            CollectionAssert.AreEqual(nearest.Weights[key].Grid.Codebooks![0], weight.Grid.Codebooks![0]);
            CollectionAssert.AreNotEqual(nearest.Weights[key].Grid.Scales, weight.Grid.Scales);
        }
    }

    [TestMethod]
    public void Learn_Threads_ChangeNoBit()
    {
        BlockNet net = BlockNet.Encoder;
        SequenceResult[] results =
        [
            .. new[] { 1, 2, 5 }.Select(threads => new BlockSequence(net.Graph, Settings with { Iterations = 20, MaximumThreads = threads, FloatInputShare = 0.5f })
                .Learn(net.Plan(4), net.Nearest(3), net.Reader(net.Inputs("learned")))),
        ];

        foreach (SequenceResult other in results.Skip(1))
        {
            foreach ((ConstantKey key, LowBitWeight weight) in results[0].State.Weights)
            {
                CollectionAssert.AreEqual(weight.Codes, other.State.Weights[key].Codes);
                CollectionAssert.AreEqual(weight.Grid.Scales, other.State.Weights[key].Grid.Scales);
            }
            foreach ((string name, float[] values) in results[0].State.Constants)
                CollectionAssert.AreEqual(values, other.State.Constants[name]);
            CollectionAssert.AreEqual(
                results[0].Blocks.Select(block => block.ErrorAfter).ToArray(), other.Blocks.Select(block => block.ErrorAfter).ToArray());
        }
    }

    /// <summary>Codes that another solver chose are where learning starts, not the nearest ones.</summary>
    [TestMethod]
    public void Learn_NoSteps_KeepsTheGivenCodes()
    {
        BlockNet net = BlockNet.Mobile;
        LearnedState nearest = net.Nearest(3);
        Dictionary<ConstantKey, LowBitWeight> moved = nearest.Weights.ToDictionary(
            weight => weight.Key, weight => weight.Value with { Codes = [.. weight.Value.Codes.Select((code, i) => (byte)((code + i) % 8))] });

        SequenceResult result = new BlockSequence(net.Graph, Settings with { Iterations = 0 })
            .Learn(net.Plan(3), nearest with { Weights = moved }, net.Reader(net.Inputs("learned")));

        foreach ((ConstantKey key, LowBitWeight weight) in moved)
        {
            CollectionAssert.AreEqual(weight.Codes, result.State.Weights[key].Codes);
            CollectionAssert.AreEqual(weight.Grid.Scales, result.State.Weights[key].Grid.Scales);
        }
    }

    [TestMethod]
    public void Learn_Biases_OnlyConstantsOfChannelsChange()
    {
        BlockNet net = BlockNet.Encoder;

        LearnedState state = new BlockSequence(net.Graph, Settings with { Iterations = 30 })
            .Learn(net.Plan(4), net.Nearest(3), net.Reader(net.Inputs("learned"))).State;

        CollectionAssert.AreEquivalent(new[] { "bd", "bu", "s1", "t1" }, state.Constants.Keys.ToArray());
        foreach ((string name, float[] values) in state.Constants)
            CollectionAssert.AreNotEqual(net.Graph.InitializerOf(name)!.Floats.ToArray(), values, name);
    }

    [TestMethod]
    public void Learn_RoundedActivations_ScalesAreLearnedAndTheErrorFalls()
    {
        BlockNet net = BlockNet.Mobile;
        var grids = new Dictionary<string, ActivationGrid> { ["r0"] = new(0.5f, 0, 0, 7), ["r1"] = new(0.9f, 0, 0, 7) };

        SequenceResult result = new BlockSequence(net.Graph, Settings with { ActivationRate = 0.01f }) { Activations = grids }
            .Learn(net.Plan(3), net.Nearest(4), net.Reader(net.Inputs("learned")));

        CollectionAssert.AreEquivalent(new[] { "r0", "r1" }, result.State.ActivationScales.Keys.ToArray());
        Assert.AreNotEqual(0.5f, result.State.ActivationScales["r0"]);
        Assert.IsLessThan(0.7 * result.Blocks[0].ErrorBefore, result.Blocks[0].ErrorAfter);
    }

    [TestMethod]
    public void Learn_Importance_ServesTheElementsThatCount()
    {
        BlockNet net = BlockNet.Mobile;
        Block block = net.Plan(int.MaxValue).Blocks.Single();
        ValueRows inputs = net.Inputs("learned");
        RowsReader reader = net.Reader(inputs);
        ValueRows target = reader(["y"], null)[0]!;
        float[] first = [.. Enumerable.Range(0, target.Length).Select(i => i < target.Length / 6 ? 1f : 0.01f)];
        Dictionary<string, LowBitWeight> weights = net.Nearest(2).Weights.ToDictionary(weight => weight.Key.Name, weight => weight.Value);

        double[] errors =
        [
            .. new[] { first, null }.Select(importance =>
            {
                var rows = new BlockRows([inputs], [inputs], target, importance);
                BlockResult result = new BlockReconstructor(block, net.Graph, weights, new Dictionary<string, float[]>(), Settings).Learn(rows);
                var state = new LearnedState(
                    result.Weights.ToDictionary(weight => new ConstantKey(net.Graph, weight.Key), weight => weight.Value), result.Constants, result.ActivationScales);
                ValueRows output = reader(["y"], state)[0]!;
                return Enumerable.Range(0, target.Values.Length).Where(i => i % target.Length < target.Length / 6)
                    .Sum(i => Math.Pow(output.Values[i] - target.Values[i], 2));
            }),
        ];

        Assert.IsLessThan(0.9 * errors[1], errors[0]);
    }

    [TestMethod]
    public void Learn_ValueWithoutRows_BlockIsSkippedWithTheReason()
    {
        BlockNet net = BlockNet.Mobile;
        RowsReader reader = net.Reader(net.Inputs("learned"));
        LearnedState nearest = net.Nearest(3);

        SequenceResult result = new BlockSequence(net.Graph, Settings with { Iterations = 2 })
            .Learn(net.Plan(3), nearest, (names, state) => names.Contains("y") ? [.. names.Select(_ => (ValueRows?)null)] : reader(names, state));

        Assert.AreEqual("p0", result.Blocks.Single().Output);
        StringAssert.Contains(result.Skipped.Single().Reason, "'y' does not have one row per sample");
    }

    /// <summary>As where a model mixes the samples of a batch.</summary>
    [TestMethod]
    public void Learn_TargetOfOtherSamples_BlockIsSkippedWithTheReason()
    {
        BlockNet net = BlockNet.Mobile;
        RowsReader reader = net.Reader(net.Inputs("learned"));
        RowsReader other = net.Reader(net.Inputs("others"));

        SequenceResult result = new BlockSequence(net.Graph, Settings with { Iterations = 2 })
            .Learn(net.Plan(3), net.Nearest(3), (names, state) => [.. names.Select(name => name == "y" ? other([name], state)[0] : reader([name], state)[0])]);

        Assert.AreEqual("p0", result.Blocks.Single().Output);
        StringAssert.Contains(result.Skipped.Single().Reason, "'y' does not follow from what comes into its block.");
    }

    /// <summary>Twelve samples are a shard of eight, for which the shape is made, and one of four.</summary>
    [TestMethod]
    public void Learn_ShapeOfOneNumberOfSamples_IsNotDifferentiable()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,8").Weights("w", 8, 8).Int64s("s", 8, 8)
            .Node("MatMul", "x w", "a").Node("Reshape", "a s", "y").Output("y").Build().Graph;
        LowBitWeight weight = BlockNet.NearestOf(graph, "w", 3);
        float[] inputs = SeededValues.Floats("x", -1, 1, 12 * 8);
        var targets = new float[inputs.Length];
        MatrixProductKernel.AddScalar(MatrixView.Of(inputs, 12, 8), MatrixView.Of(graph.InitializerOf("w")!.Floats, 8, 8), targets);
        var rows = new BlockRows([new ValueRows([8], inputs)], [new ValueRows([8], inputs)], new ValueRows([8], targets));
        var block = new Block([.. graph.Nodes], null, ["x"], "y", ["w"]);
        var reconstructor = new BlockReconstructor(
            block, graph, new Dictionary<string, LowBitWeight> { ["w"] = weight }, new Dictionary<string, float[]>(), Settings with { Iterations = 2 });

        Assert.ThrowsExactly<NotDifferentiableException>(() => reconstructor.Learn(rows));
    }

    [TestMethod]
    public void Learn_Cancelled_Throws()
    {
        BlockNet net = BlockNet.Mobile;
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            new BlockSequence(net.Graph, Settings).Learn(net.Plan(3), net.Nearest(3), net.Reader(net.Inputs("learned")), source.Token));
    }
}
