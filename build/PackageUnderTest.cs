namespace QuantBuild.Build;

/// <summary>QuantBuild as users get it: packed from this working copy into the feed.</summary>
internal sealed class PackageUnderTest(Repository repository)
{
    private const string PackageId = "QuantBuild";

    public void Pack() => Step.Run("Packing QuantBuild into build/feed", () =>
    {
        using WorkFolder work = repository.CreateWorkFolder();
        CommandRunner.DotNet("pack", "src/QuantBuild", "-c", "Release", "-o", work.Path, "--nologo").In(repository.Root).RunOrFail();

        string packed = Directory.GetFiles(work.Path, $"{PackageId}.*.nupkg").Single();
        string version = Path.GetFileNameWithoutExtension(packed)[(PackageId.Length + 1)..];
        string feedPackage = Path.Combine(repository.Feed, Path.GetFileName(packed));
        if (!File.Exists(feedPackage) || !PackageContent.AreSame(packed, feedPackage))
            File.Move(packed, feedPackage, overwrite: true);

        GlobalPackagesFolder.Locate(repository).EvictUnlessSame(PackageId, version, feedPackage);
    });
}
