using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting.LowBits;

/// <summary>The estimate, which forms are chosen by, against what a file really grows by.</summary>
[TestClass]
public sealed class LowBitSizeTests
{
    /// <summary>Names and lengths take a byte more or less each.</summary>
    private const double SlackBytes = 50;

    private const int Count = 12;

    [TestMethod]
    [DataRow(LowBitForm.Folded, 4, 0, GridKind.Symmetric)]
    [DataRow(LowBitForm.Folded, 3, 16, GridKind.Asymmetric)]
    [DataRow(LowBitForm.Folded, 4, 32, GridKind.Symmetric | GridKind.HalfScales)]
    [DataRow(LowBitForm.Folded, 4, 0, GridKind.Codebook)]
    [DataRow(LowBitForm.Folded, 2, 0, GridKind.SeveralCodebooks)]
    [DataRow(LowBitForm.MatMulNBits, 4, 0, GridKind.Symmetric)]
    [DataRow(LowBitForm.MatMulNBits, 2, 32, GridKind.Asymmetric)]
    [DataRow(LowBitForm.BlockedDequantize, 4, 32, GridKind.Asymmetric)]
    public void BytesOf_EveryForm_IsWhatTheFileGrowsBy(object form, int bits, int block, object kind)
    {
        foreach (int width in (int[])[64, 288])
        {
            long[] sizes = [.. ((int[])[0, Count]).Select(count => SizeOf(width, count, (LowBitForm)form, bits, block, (GridKind)kind))];
            LowBitWeight weight = Weight(0, width, bits, block, (GridKind)kind);
            var estimate = new LowBitSize(bits, weight.Matrix, weight.Grid.BlockColumns)
            {
                HasZeroPoints = weight.Grid.ZeroPoints is not null,
                Codebooks = weight.Grid.Codebooks?.Count ?? 0,
                HalfScales = ((GridKind)kind).HasFlag(GridKind.HalfScales),
            };

            double actual = (double)(sizes[1] - sizes[0]) / Count;
            double expected = estimate.BytesOf((LowBitForm)form);
            Assert.IsTrue(Math.Abs(actual - expected) < SlackBytes, $"{form}, {bits} bits, {width} wide: {actual:F1} bytes, not {expected}");
        }
    }

    private static LowBitWeight Weight(int index, int width, int bits, int block, GridKind kind) =>
        LowBitSamples.Weight($"w{index}", [width, width], new ChannelAxes(1), bits, block, kind);

    /// <summary>A model of so many products, one in every width that is there with all counts, and of the nodes that the weights take the place of.</summary>
    private static long SizeOf(int width, int count, LowBitForm form, int bits, int block, GridKind kind)
    {
        ModelBuilder builder = new ModelBuilder(17).Input("x", $"n,{width}").Output("y");
        var weights = new Dictionary<string, LowBitWeight>(StringComparer.Ordinal);
        for (int i = 0; i <= Count; i++)
        {
            bool there = i < count || i == Count;
            if (there)
                weights.Add($"w{i}", Weight(i, width, bits, block, kind));
            builder.Node("MatMul", $"{(i == 0 ? "x" : $"v{i - 1}")} {(there ? $"w{i}" : "x")}", i == Count ? "y" : $"v{i}");
            if (there)
                builder.Weights($"w{i}", width, width);
        }
        OnnxModel model = builder.Build();
        OnnxModel clone = model.Clone();
        LowBitRewriter.Rewrite(
            model.Graph, clone, new PlannedNodeMap(model.Graph, clone.Graph),
            new LowBitStorage(weights.ToDictionary(weight => new ConstantKey(model.Graph, weight.Key), weight => new LowBitConstant(weight.Value, form))),
            new Dictionary<ConstantKey, OnnxTensor>(), null);
        ModelCompactor.Compact(clone, []);
        return clone.ToImage().SizeBytes;
    }
}
