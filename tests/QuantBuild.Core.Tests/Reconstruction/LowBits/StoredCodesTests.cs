using QuantBuild.Execution;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

[TestClass]
public sealed class StoredCodesTests
{
    private const int Columns = 1 << 15;

    [TestMethod]
    public void MovedTo_AFile_TheSameCodesAndValues()
    {
        using var file = new ScratchFile();
        LowBitWeight[] weights = [Weight(1), Weight(2)];

        LowBitWeight[] moved = [.. weights.Select(weight => weight.MovedTo(file))];

        GC.Collect();
        Assert.AreEqual(2 * Columns, file.Length);
        for (int i = 0; i < weights.Length; i++)
        {
            CollectionAssert.AreEqual(weights[i].Codes, moved[i].Codes);
            CollectionAssert.AreEqual(weights[i].ToTensor(), moved[i].ToTensor());
            CollectionAssert.AreEqual(weights[i].Codes, (moved[i] with { Grid = moved[i].Grid with { BlockColumns = 64 } }).Codes);
        }
    }

    [TestMethod]
    public void MovedTo_ManyWeights_MemoryDoesNotGrow() => BoundedMemory.AssertPeakDoesNotGrow(10, 100, (count, probe) =>
    {
        using var file = new ScratchFile();
        var kept = new List<LowBitWeight>();
        float[] scales = [1];
        for (int i = 0; i < count; i++)
        {
            kept.Add(Weight(i, scales).MovedTo(file));
            probe();
        }
        GC.KeepAlive(kept);
    });

    private static LowBitWeight Weight(int seed, float[]? scales = null)
    {
        var codes = new byte[Columns];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (byte)((i * (seed + 3)) & 15);
        return new LowBitWeight(
            new WeightMatrix(1, 1, Columns), new LevelGrid(4, 1, Columns, Columns) { Scales = scales ?? [0.5f] }, codes);
    }
}
