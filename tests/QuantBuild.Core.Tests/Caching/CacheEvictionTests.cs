using QuantBuild.Caching;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Caching;

/// <summary>What goes when the cache is full, and what has to stay.</summary>
[TestClass]
public sealed class CacheEvictionTests
{
    private readonly List<string> told = [];

    [TestMethod]
    public void Publish_EntryThatSomebodyReads_IsKeptUntilTheyAreDone()
    {
        using var folder = new TemporaryFolder();
        ResultCache reader = Cache(folder);
        ResultCache writer = Cache(folder);
        Assert.HasCount(3, new[] { Key("a"), Key("b"), Key("c") }.Select(key => key.Id[..2]).Distinct(), "Each has a lock of its own.");
        Publish(writer, "a");
        using (reader.Lock(Key("a"), CancellationToken.None))
        {
            string path = reader.Find(Key("a"), entry => Path.Combine(entry, "model.onnx"))!;
            Publish(writer, "b");
            Assert.AreEqual(3000, new FileInfo(path).Length);
        }

        Publish(writer, "c");
        Assert.IsNull(reader.Find(Key("a"), entry => entry));
    }

    [TestMethod]
    public void Publish_FoldersOfOthersAmongTheEntries_Stay()
    {
        using var folder = new TemporaryFolder();
        string foreign = Directory.CreateDirectory(folder.File("cache/v1/results/@eaDir")).FullName;
        File.WriteAllBytes(Path.Combine(foreign, "thumbnail"), new byte[10_000]);
        ResultCache cache = Cache(folder);

        Publish(cache, "a");
        Publish(cache, "b");

        Assert.IsTrue(Directory.Exists(foreign));
        Assert.IsNotNull(cache.Find(Key("b"), entry => entry));
    }

    [TestMethod]
    public void Publish_DamagedEntryOfLongAgo_IsKeptForADay()
    {
        using var folder = new TemporaryFolder();
        ResultCache cache = Cache(folder);
        Publish(cache, "a");
        string entry = cache.Find(Key("a"), path => path)!;
        File.WriteAllText(Path.Combine(entry, "model.onnx"), "damage");
        Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-30));

        Assert.IsNull(cache.Find(Key("a"), path => path));
        Publish(cache, "b");

        Assert.HasCount(1, Directory.GetDirectories(folder.File("cache/v1/damaged")));
    }

    [TestMethod]
    public void Lock_FirstUse_FolderIsTheUsersOwn()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TemporaryFolder();
        using (Cache(folder).Lock(Key("a"), CancellationToken.None))
            Assert.AreEqual(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.File("cache/v1")));
    }

    private static CacheKey Key(string model) => new([new CachePart("model", model)]);

    private static void Publish(ResultCache cache, string name) =>
        cache.Publish(Key(name), entry => File.WriteAllBytes(Path.Combine(entry, "model.onnx"), new byte[3000]));

    private ResultCache Cache(TemporaryFolder folder) => new(folder.File("cache"), 5000, told.Add);
}
