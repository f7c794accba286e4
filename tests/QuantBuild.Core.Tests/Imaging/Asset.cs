using QuantBuild.Imaging;

namespace QuantBuild.Core.Tests.Imaging;

/// <summary>Pictures beside the tests; <c>Assets/README.md</c> says how they were made.</summary>
internal static class Asset
{
    private const string Folder = "tests/QuantBuild.Core.Tests/Imaging/Assets/";

    public static byte[] Read(string name) => File.ReadAllBytes(RepositoryFiles.PathOf(Folder + name));

    public static PixelImage Decode(string name) => ImageFormats.Decode(Read(name));

    /// <summary>Names of the files of a folder that are not expected results, in ordinal order.</summary>
    public static IReadOnlyList<string> PicturesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(RepositoryFiles.PathOf(Folder + folder))
            .Where(path => Path.GetExtension(path) != ".pnm")
            .Select(path => $"{folder}/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The pixels that another program reads from the picture.</summary>
    public static PixelImage ExpectedOf(string name) => Decode(Path.ChangeExtension(name, ".pnm"));

    /// <summary>Asserts that two pictures are the same.</summary>
    public static void AssertSame(PixelImage expected, PixelImage actual, string name)
    {
        Assert.AreEqual((expected.Width, expected.Height, expected.Channels), (actual.Width, actual.Height, actual.Channels), name);
        int different = expected.Pixels.Zip(actual.Pixels).Count(pair => pair.First != pair.Second);
        int most = expected.Pixels.Zip(actual.Pixels).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.AreEqual(0, different, $"{name}: {different} values differ, by up to {most}.");
    }
}
