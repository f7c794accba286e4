using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime.Tests.Rewriting;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Calibration;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Reconstruction;

[TestClass]
public sealed class MomentReaderTests
{
    private const int Width = 16;

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    public void ReadInParts_EveryWeightAPart_TheSameBitsAsInOnePass(int batch)
    {
        OnnxModel model = new ModelBuilder().Input("x", $"n,6,{Width}")
            .Weights("w0", Width, 2 * Width).Weights("w1", 2 * Width, Width).Weights("w2", Width, 4).Weights("w3", Width, 4)
            .Node("MatMul", "x w0", "a").Node("Relu", "a", "r").Node("MatMul", "r w1", "b").Node("Add", "b x", "c")
            .Node("MatMul", "c w2", "d").Node("MatMul", "c w3", "e").Node("Mul", "d e", "y").Output("y").Build();
        long[] shape = [40, 6, Width];
        NamedArray array = NamedArray.Of("x", shape, SeededValues.Floats("samples", -1, 1, 40 * 6 * Width));
        SampleBinding binding = SampleBinding.Bind(new ArraySampleSource([array]), model.Signature, Origin, new DiagnosticBag())!;
        var stream = new SampleStream(binding, SampleSelection.All, batch);
        var samples = new ModelSamples(stream, stream, "x.npz", "CalibrationData", batch);
        TensorFacts facts = ShapeProbe.Observe(model, ModelSamples.First(binding), QuantizationTrial.Engine);
        PlannedNode[] nodes =
        [
            .. PlacementPlanner.Plan(model.Graph, facts, NodeExclusion.None).Nodes.Where(node => node.Weight is not null),
        ];
        var reader = new MomentReader(QuantizationTrial.Engine, samples);

        IReadOnlyDictionary<RowsKey, MomentSums> whole = reader.Read(model, nodes, null, CancellationToken.None);
        var parted = new Dictionary<RowsKey, MomentSums>();
        int most = 0;
        foreach (Dictionary<RowsKey, MomentSums> moments in reader.ReadInParts(model, ModelParts.Of(model, 1)!, nodes, CancellationToken.None))
        {
            most = Math.Max(most, moments.Count);
            foreach ((RowsKey key, MomentSums sums) in moments)
                parted.Add(key, sums);
        }

        Assert.HasCount(3, whole);
        Assert.AreEqual(1, most, "Never those of two layers at a time.");
        CollectionAssert.AreEquivalent(whole.Keys.ToArray(), parted.Keys.ToArray());
        foreach ((RowsKey key, MomentSums sums) in whole)
        {
            Assert.AreEqual(sums.Count, parted[key].Count);
            LayerGram expected = sums.ToGrams(centered: true)[0];
            LayerGram actual = parted[key].ToGrams(centered: true)[0];
            CollectionAssert.AreEqual(expected.Gram, actual.Gram);
            CollectionAssert.AreEqual(expected.Mean, actual.Mean);
        }
    }
}
