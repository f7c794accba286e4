using QuantBuild.Caching;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Caching;

[TestClass]
public sealed class CacheLockTests
{
    [TestMethod]
    public async Task Take_HeldBySomebody_WaitsAndTellsOnce()
    {
        using var folder = new TemporaryFolder();
        CacheLock first = CacheLock.Take(folder.File("lock"), () => { }, CancellationToken.None);
        using var waits = new SemaphoreSlim(0);
        Task<CacheLock> second = Task.Run(() => CacheLock.Take(folder.File("lock"), () => waits.Release(), CancellationToken.None));

        await waits.WaitAsync();
        Assert.IsFalse(second.IsCompleted);
        first.Dispose();

        (await second).Dispose();
        Assert.AreEqual(0, waits.CurrentCount, "It told twice.");
    }

    [TestMethod]
    public void Take_Cancelled_GivesUp()
    {
        using var folder = new TemporaryFolder();
        using CacheLock first = CacheLock.Take(folder.File("lock"), () => { }, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsExactly<OperationCanceledException>(() => CacheLock.Take(folder.File("lock"), cancellation.Cancel, cancellation.Token));
    }

    [TestMethod]
    public void Take_ManyAtOnce_OneAtATime()
    {
        using var folder = new TemporaryFolder();
        int inside = 0;
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using CacheLock taken = CacheLock.Take(folder.File("lock"), () => { }, CancellationToken.None);
            Assert.AreEqual(1, Interlocked.Increment(ref inside));
            Thread.Sleep(1);
            Interlocked.Decrement(ref inside);
        });
    }

    [TestMethod]
    public void Take_PlaceThatCannotHoldAFile_Throws()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("lock"));
        Assert.Throws<SystemException>(() => CacheLock.Take(folder.File("lock"), () => { }, CancellationToken.None));
    }
}
