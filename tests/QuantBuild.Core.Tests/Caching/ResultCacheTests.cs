using System.Text;
using QuantBuild.Caching;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Caching;

[TestClass]
public sealed class ResultCacheTests
{
    private const long Plenty = 1 << 20;

    [TestMethod]
    public void Find_WhatWasPublished_IsGivenBackByteForByte()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, Plenty);
        cache.Publish(Key("a"), "content");

        Assert.AreEqual("content", cache.Find(Key("a")));
        Assert.IsNull(cache.Find(Key("b")));
    }

    [TestMethod]
    public void Key_PartsInAnotherOrder_SameEntry()
    {
        CachePart first = new("model", "1");
        CachePart second = new("data", "2");
        Assert.AreEqual(new CacheKey([first, second]).Id, new CacheKey([second, first]).Id);
    }

    [TestMethod]
    public void Key_ValueThatImitatesAnotherPart_OtherEntry() => Assert.AreNotEqual(
        new CacheKey([new CachePart("a", "1\nb 1 2")]).Id,
        new CacheKey([new CachePart("a", "1"), new CachePart("b", "2")]).Id);

    [TestMethod]
    [DataRow("edited")]
    [DataRow("swapped with that of another entry")]
    [DataRow("cut short")]
    [DataRow("missing")]
    [DataRow("manifest cut short")]
    [DataRow("manifest of a newer version")]
    [DataRow("manifest that leads out of the folder")]
    [DataRow("manifest with a null")]
    public void Find_DamagedEntry_IsSetAsideAndMadeAgain(string damage)
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, Plenty);
        cache.Publish(Key("a"), "content");
        cache.Publish(Key("b"), "foreign");
        Damage(cache.EntryOf(Key("a")), cache.EntryOf(Key("b")), damage);

        Assert.IsNull(cache.Find(Key("a")));
        StringAssert.Contains(cache.Told.Last(), "is set aside");
        Assert.IsFalse(Directory.Exists(cache.EntryOf(Key("a"))));

        cache.Publish(Key("a"), "content");
        Assert.AreEqual("content", cache.Find(Key("a")));
    }

    [TestMethod]
    public void Find_ReaderSeesThatTheContentIsWrong_IsSetAside()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, Plenty);
        cache.Publish(Key("a"), "content");

        Assert.IsNull(cache.Results.Find<string>(Key("a"), _ => throw new InvalidDataException("it is no model")));
        StringAssert.Contains(cache.Told.Last(), "it is no model");
        Assert.IsFalse(Directory.Exists(cache.EntryOf(Key("a"))));
    }

    [TestMethod]
    public void Find_NearbyEntry_TheMissNamesWhatIsDifferent()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, Plenty);
        cache.Publish(new CacheKey([new CachePart("model", "1"), new CachePart("CalibrationData", "2"), new CachePart("Scheme", "Static")]), "content");

        cache.Find(new CacheKey([new CachePart("model", "1"), new CachePart("CalibrationData", "3"), new CachePart("Scheme", "Static")]));

        Assert.AreEqual("not in the cache: the nearest result has another CalibrationData", cache.Told.Last());
    }

    [TestMethod]
    public void Publish_OverTheLimit_WhatWasUsedLongestAgoGoes()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, 5000);
        foreach (string name in new[] { "a", "b", "c" })
        {
            cache.Publish(Key(name), new string(name[0], 1000));
            File.SetLastWriteTimeUtc(Path.Combine(cache.EntryOf(Key(name)), "manifest.json"), new DateTime(2020, 1, 1 + name[0] - 'a', 0, 0, 0, DateTimeKind.Utc));
        }
        Assert.IsNotNull(cache.Find(Key("a")), "Now it was used last.");

        cache.Publish(Key("d"), new string('d', 2500));

        Assert.IsNull(cache.Find(Key("b")));
        Assert.IsNotNull(cache.Find(Key("a")));
        Assert.IsNotNull(cache.Find(Key("d")));
    }

    [TestMethod]
    public void Publish_LargerThanTheWholeCache_IsNotKept()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, 1000);
        cache.Publish(Key("a"), new string('a', 1001));
        Assert.IsNull(cache.Find(Key("a")));
    }

    [TestMethod]
    public void Publish_WriterFails_NothingIsLeft()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, Plenty);
        cache.Results.Publish(Key("a"), entry =>
        {
            File.WriteAllText(Path.Combine(entry, "model.onnx"), "half");
            throw new IOException("No space left on device");
        });

        Assert.AreEqual("not put into the cache: No space left on device", cache.Told.Single());
        Assert.IsFalse(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Any());
    }

    [TestMethod]
    public void Publish_FolderThatIsAFile_NobodyFails()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("cache"), "not a folder");
        Cache cache = new(folder, Plenty);

        Assert.IsNull(cache.Results.Lock(Key("a"), CancellationToken.None));
        Assert.IsNull(cache.Find(Key("a")));
        cache.Publish(Key("a"), "content");

        StringAssert.Contains(cache.Told[0], "the cache cannot be used");
        StringAssert.Contains(cache.Told.Last(), "not put into the cache");
    }

    [TestMethod]
    public void Names_EverythingInTheCache_IsTheSameOnAFileSystemWithoutCase()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, Plenty);
        using (cache.Results.Lock(Key("a"), CancellationToken.None))
            cache.Publish(Key("a"), "content");

        foreach (string path in Directory.EnumerateFileSystemEntries(folder.File("cache"), "*", SearchOption.AllDirectories))
            Assert.AreEqual(Path.GetFileName(path).ToLowerInvariant(), Path.GetFileName(path));
    }

    [TestMethod]
    public void Publish_LeftoversOfACrash_GoAfterADay()
    {
        using var folder = new TemporaryFolder();
        string old = Directory.CreateDirectory(folder.File(Path.Combine("cache", "v1", "tmp", "0123"))).FullName;
        string recent = Directory.CreateDirectory(folder.File(Path.Combine("cache", "v1", "tmp", "4567"))).FullName;
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));

        new Cache(folder, Plenty).Publish(Key("a"), "content");

        Assert.IsFalse(Directory.Exists(old));
        Assert.IsTrue(Directory.Exists(recent), "Somebody may be writing it.");
    }

    [TestMethod]
    public void Find_ClockWasSetBack_EntriesStayGood()
    {
        using var folder = new TemporaryFolder();
        Cache cache = new(folder, Plenty);
        cache.Publish(Key("a"), "content");
        File.SetLastWriteTimeUtc(Path.Combine(cache.EntryOf(Key("a")), "manifest.json"), DateTime.UtcNow.AddYears(1));

        cache.Publish(Key("b"), "content");

        Assert.AreEqual("content", cache.Find(Key("a")));
    }

    private static CacheKey Key(string model) => new([new CachePart("model", model)]);

    private static void Damage(string entry, string other, string damage)
    {
        string model = Path.Combine(entry, "model.onnx");
        string manifest = Path.Combine(entry, "manifest.json");
        switch (damage)
        {
            case "edited":
                File.WriteAllText(model, "CONTENT");
                break;
            case "swapped with that of another entry":
                File.Copy(Path.Combine(other, "model.onnx"), model, overwrite: true);
                break;
            case "cut short":
                File.WriteAllText(model, "con");
                break;
            case "missing":
                File.Delete(model);
                break;
            case "manifest cut short":
                File.WriteAllText(manifest, File.ReadAllText(manifest)[..20]);
                break;
            case "manifest of a newer version":
                File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"schema\":1", "\"schema\":2", StringComparison.Ordinal));
                break;
            case "manifest with a null":
                File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"parts\":[", "\"parts\":[null,", StringComparison.Ordinal));
                break;
            default:
                File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("model.onnx", "../model.onnx", StringComparison.Ordinal));
                break;
        }
    }

    private sealed class Cache
    {
        private readonly string directory;

        public Cache(TemporaryFolder folder, long limit)
        {
            directory = folder.File("cache");
            Results = new ResultCache(directory, limit, Told.Add);
        }

        public List<string> Told { get; } = [];

        public ResultCache Results { get; }

        public string EntryOf(CacheKey key) => Path.Combine(directory, "v1", "results", key.Id);

        public void Publish(CacheKey key, string content) =>
            Results.Publish(key, folder => File.WriteAllText(Path.Combine(folder, "model.onnx"), content, new UTF8Encoding(false)));

        public string? Find(CacheKey key) => Results.Find(key, folder => File.ReadAllText(Path.Combine(folder, "model.onnx")));
    }
}
