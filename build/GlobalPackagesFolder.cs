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

    /// <summary>Removes the extracted package when it was made from a file that is not wanted any more.</summary>
    /// <param name="isWanted">Is asked about the .nupkg file that the package was extracted from.</param>
    public void EvictUnless(string id, string version, Func<string, bool> isWanted)
    {
        string name = id.ToLowerInvariant();
        string folder = Path.Combine(path, name, version);
        string source = Path.Combine(folder, $"{name}.{version}.nupkg");
        if (!File.Exists(source) || isWanted(source))
            return;

        // NuGet takes a folder without this file for an unfinished extraction, so that a deletion that stops half way does no harm.
        File.Delete(Path.Combine(folder, ".nupkg.metadata"));
        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"   removed the older {id} {version} from {path}");
    }
}
