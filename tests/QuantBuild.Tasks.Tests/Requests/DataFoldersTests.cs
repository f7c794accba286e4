using QuantBuild.Caching;
using QuantBuild.Data;
using QuantBuild.Tasks.Requests;
using QuantBuild.Testing;

namespace QuantBuild.Tasks.Tests.Requests;

[TestClass]
public sealed class DataFoldersTests
{
    private readonly TemporaryFolder folder = new();

    [TestInitialize]
    public void WriteFiles()
    {
        foreach (string name in new[] { "b/1.npy", "a.npy", "B.npy", "ä.npy", "b-1/x.npy", ".git/x", "Thumbs.db" })
            Write(name, name);
    }

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void ContentHash_IsTheOneOfTheWorker() => Assert.AreEqual(
        ContentHash.OfText(string.Concat(DataFolder.Open(Set, "set", null).Files.Select(file => $"{ContentHash.OfFile(file.Path)} {file.Name}\n"))),
        DataFolders.ContentHash(Set));

    [TestMethod]
    public void ContentHash_ContentOrNameOrNumber_Decides()
    {
        string before = DataFolders.ContentHash(Set);
        File.SetLastWriteTimeUtc(folder.File("set/a.npy"), DateTime.UtcNow.AddDays(1));
        Write(".DS_Store", "other");
        Assert.AreEqual(before, DataFolders.ContentHash(Set), "Times and what file managers leave do not count.");

        Write("a.npy", "other");
        string changed = DataFolders.ContentHash(Set);
        File.Move(folder.File("set/a.npy"), folder.File("set/c.npy"));
        string renamed = DataFolders.ContentHash(Set);
        File.Delete(folder.File("set/c.npy"));
        string removed = DataFolders.ContentHash(Set);

        Assert.HasCount(4, new[] { before, changed, renamed, removed }.Distinct());
    }

    [TestMethod]
    public void Watch_Folder_IsReplacedByAListThatChangesWithIt()
    {
        string listing = folder.File("folders.list");
        string[] paths = [folder.File("file.npz"), Set];

        CollectionAssert.AreEqual(new[] { paths[0], listing }, DataFolders.Watch(paths, listing).ToArray());
        string first = File.ReadAllText(listing);
        DateTime written = File.GetLastWriteTimeUtc(listing);
        DataFolders.Watch(paths, listing);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(listing), "Nothing has changed.");

        Write("old.npy", "old");
        File.SetLastWriteTimeUtc(folder.File("set/old.npy"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        DataFolders.Watch(paths, listing);
        Assert.AreNotEqual(first, File.ReadAllText(listing), "A file was added, however old it is.");

        File.Delete(folder.File("set/old.npy"));
        DataFolders.Watch(paths, listing);
        Assert.AreEqual(first, File.ReadAllText(listing));
    }

    [TestMethod]
    public void Watch_NoFolder_WritesNothing()
    {
        string listing = folder.File("folders.list");

        CollectionAssert.AreEqual(new[] { "/absent.npz" }, DataFolders.Watch(["/absent.npz"], listing).ToArray());
        Assert.IsFalse(File.Exists(listing));
    }

    private string Set => folder.File("set");

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File($"set/{name}"))!);
        File.WriteAllText(folder.File($"set/{name}"), content);
    }
}
