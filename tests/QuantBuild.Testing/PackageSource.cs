namespace QuantBuild.Testing;

/// <summary>The packed package under test, and a packages folder of its own: what NuGet extracted before plays no part.</summary>
internal sealed class PackageSource : IDisposable
{
    public const string Version = "0.1.0";

    private readonly TemporaryFolder packages = new();
    private readonly string feed;

    private PackageSource(string feed)
    {
        this.feed = feed;
        Environment = new Dictionary<string, string>
        {
            // Before every configuration file, as a machine may have set it for all commands.
            ["NUGET_PACKAGES"] = packages.Path,

            // They hide faults of tasks that stay loaded; a test that needs them sets them itself.
            ["MSBUILDDISABLENODEREUSE"] = "",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        };
    }

    /// <summary>Where the package is, once a project has been restored.</summary>
    public string Folder => Path.Combine(packages.Path, "quantbuild", Version);

    /// <summary>The package as it was packed.</summary>
    public string NuGetPackage => Path.Combine(feed, $"QuantBuild.{Version}.nupkg");

    /// <summary>The program that does the work, once a project has been restored.</summary>
    public string Worker => Path.Combine(Folder, "tools", "worker", "net10.0", "quantbuild.dll");

    /// <summary>Set for every command; empty values remove what the machine or the test host has set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <exception cref="FileNotFoundException">The package has not been packed.</exception>
    public static PackageSource Find()
    {
        string feed = Path.Combine(RepositoryFolder.Find(), "build", "feed");
        string package = Path.Combine(feed, $"QuantBuild.{Version}.nupkg");
        return File.Exists(package)
            ? new PackageSource(feed)
            : throw new FileNotFoundException($"'{package}' is missing. Run 'dotnet run --project build -- pack' first.", package);
    }

    public void WriteConfig(string path) => File.WriteAllText(path, $"""
        <configuration>
          <packageSources>
            <add key="quantbuild-feed" value="{feed}" />
          </packageSources>
        </configuration>
        """);

    public void Dispose() => packages.Dispose();
}
