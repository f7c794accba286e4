using QuantBuild.Placement;
using QuantBuild.Reconstruction;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary><c>Granularity=PerTensor</c>: the same kernels as with a scale per channel.</summary>
[TestClass]
public sealed class OneScalePerWeightTests
{
    private static readonly QuantizationSettings OneScale = TestSettings.Of(QuantizationScheme.Static) with { Granularity = Granularity.PerTensor };

    /// <summary>Odd numbers of weights for each output.</summary>
    [TestMethod]
    public void ConvolutionsAndProducts_Fuse()
    {
        QuantizationTrial trial = QuantizationTrial.Of(
            new ModelBuilder().Input("x", "n,3,9,9").Output("y")
                .Weights("w", 8, 3, 3, 3).Weights("b", 8).Node("Conv", "x w b", "c", ("strides", new[] { 2, 2 })).Node("Relu", "c", "r")
                .Weights("d", 8, 1, 3, 3).Node("Conv", "r d", "e", ("group", 8), ("pads", new[] { 1, 1, 1, 1 }))
                .Node("GlobalAveragePool", "e", "p").Node("Flatten", "p", "f")
                .Weights("g", 15, 8).Weights("h", 15).Node("Gemm", "f g h", "m", ("transB", 1))
                .Weights("i", 15, 7).Weights("j", 7).Node("Gemm", "m i j", "n")
                .Weights("k", 7, 5).Node("MatMul", "n k", "o")
                .Weights("l", 5, 6).Weights("q", 6).Node("MatMul", "o l", "s").Node("Add", "s q", "y"),
            OneScale);

        trial.AssertFuses("Conv", "Conv", "GlobalAveragePool", "Flatten", "Gemm", "Gemm", "MatMul", "MatMul");
        foreach (PlannedNode node in trial.Plan.Nodes.Where(node => node.Weight is not null))
            Assert.HasCount(1, trial.Codes.Weights[node.Weight!].Scales, node.Node.ToString());
    }

    [TestMethod]
    public void RecurrentWeights_KeepTheirChannels()
    {
        QuantizationTrial trial = QuantizationTrial.Of(
            new ModelBuilder().Input("x", "7,2,64").Output("y")
                .Weights("w", 1, 256, 64).Weights("r", 1, 256, 64).Node("LSTM", "x w r", "y", ("hidden_size", 64)), OneScale);

        QuantizedWeight weight = trial.AssertDynamic("LSTM").Codes.Dynamic[0][0];
        Assert.HasCount(256, weight.Scales);
    }
}
