using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting.LowBits;

/// <summary>Eight-bit weights that are stored in fewer bits run in the integer kernels that the same weights in eight bits run in.</summary>
[TestClass]
public sealed class PackedCodesFusionTests
{
    [TestMethod]
    [DataRow(2, false)]
    [DataRow(3, false)]
    [DataRow(4, false)]
    [DataRow(4, true)]
    [DataRow(5, true)]
    public void Codes_OfEveryKernel_AreUnpackedAtLoad(int bits, bool codebook)
    {
        OnnxModel model = new ModelBuilder().Input("x", "1,4,8,8").Output("y").Output("z").Weights("c", 8, 4, 3, 3).Weights("cb", 8).Weights("m", 36, 12)
            .Weights("g", 5, 12).Weights("gb", 5).Node("Conv", "x c cb", "a").Node("Relu", "a", "r").Int64s("s", 8, 36).Node("Reshape", "r s", "f")
            .Node("MatMul", "f m", "y").Node("Sigmoid", "y", "h").Node("Gemm", "h g gb", "z", ("transB", 1)).Build();
        PlacementPlan plan = PlacementPlanner.Plan(model.Graph, Facts(model), NodeExclusion.None);
        CollectionAssert.IsSubsetOf(new[] { "Conv", "MatMul", "Gemm" }, plan.Nodes.Select(node => node.Node.OpType).ToArray());
        QuantizationParameters range = QuantizationParameters.Asymmetric(-4, 4);
        var precision = new PrecisionPlan(plan, plan.Activations.ToDictionary(activation => activation.Value, _ => range));
        WeightCodes codes = WeightQuantizer.Quantize(model.Graph, precision, LowBitSettings.EightBits);
        WeightCodes few = codes with { Weights = codes.Weights.ToDictionary(pair => pair.Key, pair => Fewer(pair.Key.Initializer, new ChannelAxes(pair.Key.Axis ?? 0), pair.Value, bits, codebook)) };
        WeightCodes plain = few with { Weights = few.Weights.ToDictionary(pair => pair.Key, pair => pair.Value with { Packed = null }) };

        QuantizedModel packed = QdqRewriter.Rewrite(model, precision, few, StoragePlan.Unchanged, LowBitStorage.Nothing);
        QuantizedModel whole = QdqRewriter.Rewrite(model, precision, plain, StoragePlan.Unchanged, LowBitStorage.Nothing);

        Assert.AreEqual(Operators(whole), Operators(packed));
        FusionReport fusion = FusionCheck.Check(model, packed, plan, QuantizationTrial.Engine, QuantizationTrial.Origin, new());
        Assert.IsTrue(fusion.Fused.All(fused => fused), Operators(packed));
        new LowBitTrial(OnnxModelReader.ParseAnyOpset(whole.Image, QuantizationTrial.Origin), packed.Image).AssertSame(SeededValues.FloatInput("x", 1, 4, 8, 8));
    }

    [TestMethod]
    [DataRow(2, false)]
    [DataRow(3, true)]
    [DataRow(4, false)]
    public void Codes_OfDynamicKernels_AreUnpackedAtLoad(int bits, bool codebook)
    {
        GraphBuilder body = new GraphBuilder().Initializer("k", SeededValues.Tensor("k", -1, 1, 260, 129)).Node("MatMul", "s k", "inside").Output("inside");
        OnnxModel model = new ModelBuilder().Input("x", "7,1,64").Input("p", "", OnnxElementType.Bool).Output("y").Weights("w", 1, 256, 64).Weights("r", 1, 256, 64)
            .Weights("g", 260, 64).Weights("gb", 260).Int64s("flat", -1, 64).Node("LSTM", "x w r", "l", ("hidden_size", 64)).Node("Reshape", "l flat", "f")
            .Node("Gemm", "f g gb", "s", ("transB", 1)).Node("If", "p", "y", ("then_branch", body), ("else_branch", body)).Build();
        QuantizationSettings settings = TestSettings.Of(QuantizationScheme.Dynamic);
        PlacementPlan plan = PlacementPlanner.Plan(model.Graph, Execution.TensorFacts.None, settings, QuantizationTrial.Origin, new());
        Assert.IsTrue(plan.DynamicNodes.Count >= 3, string.Join(' ', plan.DynamicNodes.Select(node => node.Node)));
        var precision = new PrecisionPlan(plan, new Dictionary<string, QuantizationParameters>());
        WeightCodes codes = WeightQuantizer.Quantize(model.Graph, precision, LowBitSettings.EightBits);
        WeightCodes few = codes with
        {
            Dynamic =
            [
                .. codes.Dynamic.Select((weights, node) => (IReadOnlyList<QuantizedWeight>)
                    [.. weights.Select((weight, i) => Fewer(plan.DynamicNodes[node].Weights[i].Initializer, AxesOf(plan.DynamicNodes[node], i), weight, bits, codebook))]),
            ],
        };
        WeightCodes plain = few with
        {
            Dynamic = [.. few.Dynamic.Select(weights => (IReadOnlyList<QuantizedWeight>)[.. weights.Select(weight => weight with { Packed = null })])],
        };

        QuantizedModel packed = QdqRewriter.Rewrite(model, precision, few, StoragePlan.Unchanged, LowBitStorage.Nothing);
        QuantizedModel whole = QdqRewriter.Rewrite(model, precision, plain, StoragePlan.Unchanged, LowBitStorage.Nothing);

        CollectionAssert.AreEquivalent(Operators(whole).Split(' '), Operators(packed).Split(' '));
        Assert.IsTrue(FusionCheck.Check(model, packed, plan, QuantizationTrial.Engine, QuantizationTrial.Origin, new()).Dynamic.All(fused => fused), Operators(packed));
        new LowBitTrial(OnnxModelReader.ParseAnyOpset(whole.Image, QuantizationTrial.Origin), packed.Image).AssertSame(
            SeededValues.FloatInput("x", 7, 1, 64), new Execution.InputTensor("p", OnnxElementType.Bool, [], new byte[] { 1 }));
    }

    private static ChannelAxes AxesOf(DynamicNode node, int weight) => node.Node.OpType switch
    {
        "LSTM" => new ChannelAxes(0, 2),
        "Gemm" when node.Node.GetInt("transB", 0) == 1 => new ChannelAxes(0),
        _ => new ChannelAxes(node.Weights[weight].Axis ?? 1),
    };

    private static QuantizedWeight Fewer(string seed, ChannelAxes axes, QuantizedWeight weight, int bits, bool codebook)
    {
        LowBitWeight packed = LowBitSamples.WholeNumbers(seed, [.. weight.Codes.Shape], axes, bits, codebook ? 0 : 4, codebook);
        sbyte[] values = [.. packed.ToTensor().Select(value => checked((sbyte)value))];
        return weight with { Codes = OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [.. weight.Codes.Shape], values), Packed = packed };
    }

    private static Execution.TensorFacts Facts(OnnxModel model) => Execution.ShapeProbe.Observe(
        model,
        [SeededValues.FloatInput("x", 1, 4, 8, 8)],
        QuantizationTrial.Engine);

    private static string Operators(QuantizedModel model) => string.Join(
        ' ', OnnxModelReader.ParseAnyOpset(QuantizationTrial.Engine.Optimize(model.Image), QuantizationTrial.Origin).Graph.WithBodies
            .SelectMany(graph => graph.Nodes).Select(node => node.OpType));
}
