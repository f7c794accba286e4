using System.Globalization;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Testing;

namespace QuantBuild.Tasks.Tests.Protocol;

[TestClass]
public sealed class AtomicFileTests
{
    /// <summary>Larger than the kernel gives to a process.</summary>
    private const int NobodysNumber = 999_999_999;

    private static readonly DateTime Earlier = new(2020, 2, 2, 2, 2, 2, DateTimeKind.Utc);

    [TestMethod]
    public void Write_GivenTime_TheFileNeverHasAnother()
    {
        using var folder = new TemporaryFolder();

        AtomicFile.Write(folder.File("stamp"), [], Earlier);

        Assert.AreEqual(Earlier, File.GetLastWriteTimeUtc(folder.File("stamp")));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Write_ManyAtOnceWhileSomebodyDeletes_NobodyFails()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("request.json");

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 4 == 0)
                File.Delete(path);
            else
                AtomicFile.Write(path, [1, 2, 3]);
        });

        AtomicFile.Write(path, [4]);
        CollectionAssert.AreEqual(new byte[] { 4 }, File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void DeleteLeftovers_OnlyFilesOfProcessesThatAreNoMoreGo()
    {
        using var folder = new TemporaryFolder();
        string Leftover(string end) => folder.File(
            string.Create(CultureInfo.InvariantCulture, $"digits.onnx.{NobodysNumber}.{Guid.NewGuid():N}{end}"));
        string[] kept = [folder.File("notes.tmp"), AtomicFile.NewTemporaryPath(folder.File("request.json")), Leftover(".onnx")];
        foreach (string path in kept.Concat([Leftover(".tmp"), Leftover(".tmp.tmp")]))
            File.WriteAllText(path, "");

        LeftoverFiles.Delete(folder.Path);
        LeftoverFiles.Delete(folder.File("nowhere"));

        CollectionAssert.AreEquivalent(kept, Directory.GetFiles(folder.Path));
    }
}
