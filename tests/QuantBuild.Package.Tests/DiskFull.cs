using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A volume without room, for what is built and for the cache.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
[RequiresMounts]
public sealed class DiskFull
{
    /// <summary>Room for, in this order: the request; the class too, but no result; all but the model; all but the report.</summary>
    private static readonly int[] Kibibytes = [8, 20, 36, 48];

    [TestMethod]
    public void ObjWithoutRoom_OneErrorUntilThereIsRoom()
    {
        using var project = new TempProject(Package.Source);
        using SmallVolume volume = SmallVolume.At(project.OutputDirectory, kibibytes: 4096);
        Verify.Succeeded(project.Build());
        IReadOnlyDictionary<string, string> whole = WholeFiles.Of(project);
        File.Delete(project.Assembly);

        foreach (int size in Kibibytes)
        {
            foreach (string path in Directory.GetFiles(project.OutputDirectory))
                File.Delete(path);
            volume.Resize(size);

            BuildLog log = Verify.Failed(project, project.Build("--no-restore"), "QB9004");

            StringAssert.Contains(log.Errors[0].Text, project.OutputDirectory);
            StringAssert.Contains(log.Errors[0].Text, "pace");
            WholeFiles.AssertWhole(project, whole, $"{size} KiB");
            WholeFiles.AssertNothingLeftOver(project, $"{size} KiB");
        }

        volume.Resize(4096);
        Verify.Succeeded(project.Build("--no-restore"));
        CollectionAssert.AreEquivalent(whole.ToArray(), WholeFiles.Of(project).ToArray());
    }

    [TestMethod]
    public void CacheWithoutRoom_BuildSucceedsAndTheCacheStaysEmptyUntilThereIsRoom()
    {
        using var project = new TempProject(Package.Source);
        using SmallVolume volume = SmallVolume.At(project.CacheDirectory, kibibytes: 16);

        BuildLog full = Verify.Succeeded(project.Build());

        Assert.IsTrue(full.Says("not put into the cache: "));
        Assert.IsEmpty(Directory.GetFiles(project.CacheDirectory, "*.onnx", SearchOption.AllDirectories));

        volume.Resize(4096);
        Directory.Delete(project.OutputDirectory, recursive: true);
        Assert.IsTrue(Verify.Succeeded(project.Build("--no-restore")).Says("put into the cache: "));
        WholeFiles.AssertCacheIsWhole(project, "with room");
    }
}
