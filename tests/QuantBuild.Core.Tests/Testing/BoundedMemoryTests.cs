using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Testing;

[TestClass]
public sealed class BoundedMemoryTests
{
    private const int ItemBytes = 10_000;

    [TestMethod]
    public void AssertAllocationsDoNotGrow_BytesForEachItem_Fails() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => BoundedMemory.AssertAllocationsDoNotGrow(10, 100, count =>
        {
            for (int i = 0; i < count; i++)
                GC.KeepAlive(new byte[ItemBytes]);
        }));

    [TestMethod]
    public void AssertAllocationsDoNotGrow_OneBuffer_Passes() => BoundedMemory.AssertAllocationsDoNotGrow(10, 100, count =>
    {
        byte[] buffer = new byte[ItemBytes];
        for (int i = 0; i < count; i++)
            buffer[i]++;
    });

    [TestMethod]
    public void AssertPeakDoesNotGrow_EveryItemKept_Fails() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => BoundedMemory.AssertPeakDoesNotGrow(10, 100, (count, probe) =>
        {
            List<byte[]> kept = [];
            for (int i = 0; i < count; i++)
            {
                kept.Add(new byte[ItemBytes]);
                probe();
            }

            GC.KeepAlive(kept);
        }));

    [TestMethod]
    public void AssertPeakDoesNotGrow_EveryItemDropped_Passes() => BoundedMemory.AssertPeakDoesNotGrow(10, 100, (count, probe) =>
    {
        for (int i = 0; i < count; i++)
        {
            GC.KeepAlive(new byte[ItemBytes]);
            probe();
        }
    });
}
