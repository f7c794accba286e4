namespace QuantBuild.Build;

/// <summary>Where things are in the working copy that this program was built from.</summary>
internal sealed record Repository(string Root)
{
    /// <summary>The package source that nuget.config names.</summary>
    public string Feed => Path.Combine(Root, "build", "feed");

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string TestResults => Path.Combine(Artifacts, "test-results");

    /// <summary>Looks upwards from this program's own assembly, so that the current directory does not matter.</summary>
    public static Repository Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "QuantBuild.sln")))
                return new Repository(folder);
        }

        throw new BuildFailure($"QuantBuild.sln is in no folder above '{AppContext.BaseDirectory}'. Start the program with 'dotnet run --project build'.");
    }

    /// <summary>A new folder on the feed's volume, so that what is made in it can be moved into the feed in one step.</summary>
    public WorkFolder CreateWorkFolder() => new(Path.Combine(Artifacts, "work", Path.GetRandomFileName()));
}

/// <summary>A folder that is deleted when the work is over.</summary>
internal sealed class WorkFolder : IDisposable
{
    public WorkFolder(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
