namespace QuantBuild.Caching;

/// <summary>Where things are in the cache. All names are lower-case hexadecimal digits, so that no file system can confuse two of them.</summary>
/// <param name="root">Absolute.</param>
internal sealed class CacheFolders(string root)
{
    private const string Aside = "damaged";

    private const string Temporary = "tmp";

    private const string Locks = "locks";

    private string Results => Path.Combine(root, "results");

    public string EntryOf(CacheKey key) => Path.Combine(Results, key.Id);

    public string LockOf(CacheKey key) => Path.Combine(root, Locks, key.Id[..2]);

    public string EvictionLock => Path.Combine(root, Locks, "eviction");

    /// <summary>All entries, whether they are whole or not, in the order of their names.</summary>
    public IReadOnlyList<DirectoryInfo> Entries() => FoldersIn(Results);

    /// <summary>What crashes and damage left.</summary>
    public IReadOnlyList<DirectoryInfo> Leftovers() => [.. FoldersIn(Path.Combine(root, Temporary)), .. FoldersIn(Path.Combine(root, Aside))];

    public TemporaryEntry NewEntry() => new(NewFolder(Temporary));

    /// <summary>Marks an entry as used now. A cache that is only to be read stays as it is.</summary>
    public void Touch(string folder)
    {
        try
        {
            File.SetLastWriteTimeUtc(Path.Combine(folder, CacheManifest.FileName), DateTime.UtcNow);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The entry counts as older than it is.
        }
    }

    /// <summary>Takes an entry out of the way, so that it is kept for who wants to know what happened to it.</summary>
    public void SetAside(string folder) => Take(folder, Aside);

    /// <summary>Makes an entry disappear at once, and deletes it then.</summary>
    public void Delete(DirectoryInfo folder)
    {
        if (Take(folder.FullName, Temporary) is { } taken)
            Directory.Delete(taken, recursive: true);
    }

    private string? Take(string folder, string to)
    {
        try
        {
            string target = NewPath(to);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Directory.Move(folder, target);
            return target;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else was faster, or the cache is only to be read.
            return null;
        }
    }

    private string NewFolder(string below) => CreatePrivate(NewPath(below));

    private string NewPath(string below) => Path.Combine(root, below, Guid.NewGuid().ToString("N"));

    /// <summary>Nobody else may put results there: what is in them becomes part of programs.</summary>
    private string CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(path).FullName;
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Directory.CreateDirectory(path).FullName;
    }

    private static DirectoryInfo[] FoldersIn(string path)
    {
        var directory = new DirectoryInfo(path);
        return directory.Exists ? [.. directory.GetDirectories().OrderBy(folder => folder.Name, StringComparer.Ordinal)] : [];
    }
}
