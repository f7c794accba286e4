using System.IO.Compression;
using System.Text.RegularExpressions;

namespace QuantBuild.Build;

/// <summary>Makes sure that <c>Microsoft.ML.OnnxRuntime</c> can be restored. Where the configured package sources have it, nothing
/// is done; where they do not, the package is made from the npm package that carries ONNX Runtime's C# sources and CPU libraries.</summary>
internal sealed class OnnxRuntimeFeed(Repository repository)
{
    private const string PackageId = "Microsoft.ML.OnnxRuntime";

    /// <summary>Of ONNX Runtime 1.29.0; the fourth number tells the package from the official one.</summary>
    private const string Version = "1.29.0.1";

    /// <summary>NuGet's errors for a package, or a version of it, that no source has.</summary>
    private static readonly Regex NotInAnySource = new("NU110[123]");

    private string FeedPackage => Path.Combine(repository.Feed, $"{PackageId}.{Version}.nupkg");

    private string ProjectFolder => Path.Combine(repository.Root, "build", "onnxruntime");

    /// <param name="allPlatforms">The libraries of every platform instead of this one's.</param>
    public void Ensure(bool allPlatforms)
    {
        using FileStream gate = EnterFeed();
        if (!File.Exists(FeedPackage) && Step.Run($"Looking for {PackageId} in the package sources", SourcesHaveIt))
            return;

        IReadOnlyList<NativePlatform> platforms = allPlatforms ? NativePlatform.All : [NativePlatform.Host];
        if (!File.Exists(FeedPackage) || !HasLibraries(FeedPackage, platforms))
            Step.Run($"Making {PackageId} {Version} from {OnnxRuntimeNpmPackage.Name}", () => Make(platforms));

        GlobalPackagesFolder.Locate(repository).EvictUnless(PackageId, Version, extracted => HasLibraries(extracted, platforms));
    }

    /// <summary>Lets one process at a time look into the feed and change it; the others wait for its result.</summary>
    private FileStream EnterFeed()
    {
        string path = Path.Combine(repository.Feed, ".lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                Thread.Sleep(TimeSpan.FromSeconds(0.5));
            }
        }
    }

    private bool SourcesHaveIt()
    {
        using WorkFolder work = repository.CreateWorkFolder();
        File.Copy(Path.Combine(ProjectFolder, "Probe.csproj"), Path.Combine(work.Path, "Probe.csproj"));
        (int exitCode, string output) = CommandRunner.DotNet("restore", "Probe.csproj", "--nologo").In(work.Path).Capture();
        if (exitCode != 0 && !NotInAnySource.IsMatch(output))
            throw new BuildFailure($"The package sources could not be asked for {PackageId}:{Environment.NewLine}{output}");

        return exitCode == 0;
    }

    private static bool HasLibraries(string package, IReadOnlyList<NativePlatform> platforms)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return platforms.All(platform => archive.Entries.Any(entry => entry.FullName.StartsWith(platform.NuGetFolder, StringComparison.Ordinal)));
    }

    private void Make(IReadOnlyList<NativePlatform> platforms)
    {
        using WorkFolder work = repository.CreateWorkFolder();
        OnnxRuntimeNpmPackage.Download(work.Path).Unpack(work.Path, platforms);

        const string project = $"{PackageId}.csproj";
        File.Copy(Path.Combine(ProjectFolder, project), Path.Combine(work.Path, project));
        CommandRunner.DotNet("pack", project, "-c", "Release", "-o", ".", $"-p:Version={Version}", "--nologo").In(work.Path).CaptureOrFail();
        File.Move(Path.Combine(work.Path, Path.GetFileName(FeedPackage)), FeedPackage, overwrite: true);
    }
}
