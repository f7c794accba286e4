using System.IO.Compression;

namespace QuantBuild.Build;

/// <summary>The folder where NuGet keeps extracted packages. NuGet extracts a version once and never looks at its source again,
/// so a version that was packed anew has to leave.</summary>
internal sealed class GlobalPackagesFolder
{
    private readonly string path;

    private GlobalPackagesFolder(string path)
    {
        this.path = path;
    }

    public static GlobalPackagesFolder Locate(Repository repository)
    {
        string output = CommandRunner.DotNet("nuget", "locals", "global-packages", "--list", "--force-english-output").In(repository.Root).CaptureOrFail();
        const string label = "global-packages: ";
        string line = output.Split('\n').FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal))
            ?? throw new BuildFailure($"NuGet does not say where its global packages folder is:{Environment.NewLine}{output}");
        return new GlobalPackagesFolder(line[label.Length..].Trim());
    }

    /// <summary>Removes the extracted package when it was extracted from something else than <paramref name="package"/>.</summary>
    public void EvictUnlessSame(string id, string version, string package)
    {
        string name = id.ToLowerInvariant();
        string extracted = Path.Combine(path, name, version);
        string extractedFrom = Path.Combine(extracted, $"{name}.{version}.nupkg");
        if (!Directory.Exists(extracted) || (File.Exists(extractedFrom) && PackageContent.AreSame(extractedFrom, package)))
            return;

        // NuGet takes a folder without this file for an unfinished extraction, so that a deletion that stops half way does no harm.
        File.Delete(Path.Combine(extracted, ".nupkg.metadata"));
        Directory.Delete(extracted, recursive: true);
        Console.WriteLine($"   removed the older {id} {version} from {path}");
    }
}

/// <summary>What a .nupkg file holds. Two packs of the same files differ in bytes: the archive has times and random names.</summary>
internal static class PackageContent
{
    public static bool AreSame(string left, string right) => Read(left).SequenceEqual(Read(right));

    private static List<(string Name, long Length, uint Crc32)> Read(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries
            .Where(entry => !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal)
                && !entry.FullName.StartsWith("package/services/", StringComparison.Ordinal))
            .Select(entry => (entry.FullName, entry.Length, entry.Crc32))
            .Order()];
    }
}
