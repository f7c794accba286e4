using System.IO.Compression;

namespace QuantBuild.Build;

/// <summary>QuantBuild as users get it: packed from this working copy into the feed.</summary>
internal sealed class PackageUnderTest(Repository repository)
{
    /// <summary>What is packed, and from which project.</summary>
    private static readonly (string Id, string Project)[] Packages = [("QuantBuild", "src/QuantBuild"), ("QuantBuild.Tool", "src/QuantBuild.Cli")];

    public void Pack()
    {
        foreach ((string id, string project) in Packages)
            Step.Run($"Packing {id} into build/feed", () => Pack(id, project));
    }

    private void Pack(string id, string project)
    {
        using WorkFolder work = repository.CreateWorkFolder();
        CommandRunner.DotNet("pack", project, "-c", "Release", "-o", work.Path, "--nologo").In(repository.Root).RunOrFail();

        string packed = Directory.GetFiles(work.Path, $"{id}.*.nupkg").Single();
        string version = Path.GetFileNameWithoutExtension(packed)[(id.Length + 1)..];
        string feedPackage = Path.Combine(repository.Feed, Path.GetFileName(packed));
        if (!File.Exists(feedPackage) || !HoldSame(packed, feedPackage))
            File.Move(packed, feedPackage, overwrite: true);

        GlobalPackagesFolder.Locate(repository).EvictUnless(id, version, extracted => HoldSame(extracted, feedPackage));
    }

    /// <summary>Whether two packages hold the same files. Their bytes differ always: a package has times and random names in it.</summary>
    private static bool HoldSame(string left, string right) => Content(left).SequenceEqual(Content(right));

    private static List<(string Name, long Length, uint Crc32)> Content(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries
            .Where(entry => !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal)
                && !entry.FullName.StartsWith("package/services/", StringComparison.Ordinal))
            .Select(entry => (entry.FullName, entry.Length, entry.Crc32))
            .Order()];
    }
}
