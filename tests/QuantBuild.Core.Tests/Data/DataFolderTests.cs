using QuantBuild.Data;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class DataFolderTests
{
    private readonly SetFolder set = new();

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    public void Open_Files_AreOrderedByTheBytesOfTheirNames()
    {
        foreach (string name in new[] { "b/1.npy", "a.npy", "B.npy", "10.npy", "9.npy", "b-1/1.npy", "ä.npy", ".git/x.npy", "Thumbs.db" })
            set.Write($"set/{name}", "x");

        CollectionAssert.AreEqual(
            new[] { "10.npy", "9.npy", "B.npy", "a.npy", "b-1/1.npy", "b/1.npy", "ä.npy" },
            DataFolder.Open(set.PathOf("set"), "set", null).Files.Select(file => file.Name).ToArray());
    }

    [TestMethod]
    public void Open_NameOfControlCharacters_QB4018()
    {
        if (OperatingSystem.IsWindows())
            return; // refuses such names itself
        set.Write("set/a\nb.npy", "x");

        Assert.AreEqual(
            "QB4018: The folder 'set' cannot be used as data: the name 'a?b.npy' holds control characters, or is not UTF-8.", set.Problem("set"));
    }

    [TestMethod]
    public void Open_LinkOutOfTheFolder_QB4018()
    {
        set.Write("secret", "x").Write("set/a.npy", "x");
        File.CreateSymbolicLink(set.PathOf("set/b.npy"), "../secret");

        Assert.AreEqual("QB4018: The folder 'set' cannot be used as data: 'b.npy' is a link out of the folder.", set.Problem("set"));
    }

    [TestMethod]
    public void Open_LinkToAFolder_QB4018()
    {
        set.Write("set/a/a.npy", "x");
        Directory.CreateSymbolicLink(set.PathOf("set/a/again"), "..");

        Assert.AreEqual(
            "QB4018: The folder 'set' cannot be used as data: 'a/again' is a link to a folder; put the folder itself there.", set.Problem("set"));
    }

    [TestMethod]
    public void Open_LinkToNothing_QB4018()
    {
        set.Write("set/a.npy", "x");
        File.CreateSymbolicLink(set.PathOf("set/b.npy"), "absent");

        Assert.AreEqual("QB4018: The folder 'set' cannot be used as data: 'b.npy' is a link to a file that is not there.", set.Problem("set"));
    }

    [TestMethod]
    public void Open_LinkWithinTheFolder_IsAFile()
    {
        set.WriteNpy("set/a.npy", [2], 1, 2);
        File.CreateSymbolicLink(set.PathOf("set/b.npy"), "a.npy");

        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2", "x[1,2]:1,2" }, set.Read("set"));
    }

    [TestMethod]
    public void Open_FolderThatIsALinkItself_IsFollowed()
    {
        set.WriteNpy("elsewhere/a.npy", [2], 1, 2);
        Directory.CreateSymbolicLink(set.PathOf("set"), set.PathOf("elsewhere"));

        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2" }, set.Read("set"));
    }

    [TestMethod]
    public void Open_VeryDeepFolder_QB4018()
    {
        set.Write($"set/{string.Concat(Enumerable.Repeat("d/", 40))}a.npy", "x");

        Assert.AreEqual("QB4018: The folder 'set' cannot be used as data: its sub-folders are nested more than 32 deep.", set.Problem("set"));
    }

    [TestMethod]
    public void Open_FilesOfMoreThanTheLimitTogether_QB4018()
    {
        const long limit = 1L << 30;
        Directory.CreateDirectory(set.PathOf("set"));
        SetLength("a.npy", limit - 1);
        SetLength("b.npy", 1);
        Assert.HasCount(2, DataFolder.Open(set.PathOf("set"), "set", null, limit).Files);

        SetLength("b.npy", 2);
        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => DataFolder.Open(set.PathOf("set"), "set", null, limit));

        Assert.AreEqual(DiagnosticCatalogue.InvalidDataFolder, exception.Diagnostic.Descriptor);
        Assert.AreEqual("The folder 'set' cannot be used as data: its files have more than 1 GiB.", exception.Message);

        void SetLength(string name, long length)
        {
            using FileStream file = File.OpenWrite(set.PathOf($"set/{name}"));
            file.SetLength(length);
        }
    }
}
