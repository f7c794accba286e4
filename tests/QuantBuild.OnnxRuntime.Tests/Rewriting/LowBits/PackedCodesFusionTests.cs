using QuantBuild.Calibration;
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
        WeightCodes few = codes with { Weights = codes.Weights.ToDictionary(pair => pair.Key, pair => Fewer(pair.Key, pair.Value, bits, codebook)) };
        WeightCodes plain = few with { Weights = few.Weights.ToDictionary(pair => pair.Key, pair => pair.Value with { Packed = null }) };

        QuantizedModel packed = QdqRewriter.Rewrite(model, precision, few, StoragePlan.Unchanged, LowBitStorage.Nothing);
        QuantizedModel whole = QdqRewriter.Rewrite(model, precision, plain, StoragePlan.Unchanged, LowBitStorage.Nothing);

        Assert.AreEqual(Operators(whole), Operators(packed));
        FusionReport fusion = FusionCheck.Check(model, packed, plan, QuantizationTrial.Engine, QuantizationTrial.Origin, new());
        Assert.IsTrue(fusion.Fused.All(fused => fused), Operators(packed));
        new LowBitTrial(OnnxModelReader.ParseAnyOpset(whole.Image, QuantizationTrial.Origin), packed.Image).AssertSame(SeededValues.FloatInput("x", 1, 4, 8, 8));
    }

    private static QuantizedWeight Fewer(PlannedWeight planned, QuantizedWeight weight, int bits, bool codebook)
    {
        LowBitWeight packed = LowBitSamples.WholeNumbers(
            planned.Initializer, [.. weight.Codes.Shape], new ChannelAxes(planned.Axis ?? 0), bits, codebook ? 0 : 4, codebook);
        sbyte[] values = [.. packed.ToTensor().Select(value => checked((sbyte)value))];
        return weight with { Codes = OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [.. weight.Codes.Shape], values), Packed = packed };
    }

    private static Execution.TensorFacts Facts(OnnxModel model) => Execution.ShapeProbe.Observe(
        model,
        [SeededValues.FloatInput("x", 1, 4, 8, 8)],
        QuantizationTrial.Engine);

    private static string Operators(QuantizedModel model) => string.Join(
        ' ', OnnxModelReader.ParseAnyOpset(QuantizationTrial.Engine.Optimize(model.Image), QuantizationTrial.Origin).Graph.Nodes.Select(node => node.OpType));
}
