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

    public string LockOf(CacheKey key) => LockOf(key.Id);

    /// <param name="id">Name of an entry.</param>
    public string LockOf(string id) => Path.Combine(root, Locks, id[..2]);

    public string EvictionLock => Path.Combine(root, Locks, "eviction");

    /// <summary>All entries, whether they are whole or not, in the order of their names. Folders of other names are somebody else's.</summary>
    public IReadOnlyList<DirectoryInfo> Entries() =>
        [.. FoldersIn(Results).Where(folder => folder.Name.Length == ContentHash.Digits && folder.Name.All(char.IsAsciiHexDigitLower))];

    /// <summary>What crashes and damage left.</summary>
    public IReadOnlyList<DirectoryInfo> Leftovers() => [.. FoldersIn(Path.Combine(root, Temporary)), .. FoldersIn(Path.Combine(root, Aside))];

    public TemporaryEntry NewEntry()
    {
        CreateRoot();
        return new TemporaryEntry(Directory.CreateDirectory(NewPath(Temporary)).FullName);
    }

    /// <summary>Nobody else may put results there: what is in them becomes part of programs.</summary>
    public void CreateRoot()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(root);
        else
            Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

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
    /// <returns>False when it is still there.</returns>
    public bool Delete(DirectoryInfo folder)
    {
        if (Take(folder.FullName, Temporary) is not { } taken)
            return false;
        try
        {
            Directory.Delete(taken, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It goes with the leftovers.
        }
        return true;
    }

    private string? Take(string folder, string to)
    {
        try
        {
            string target = NewPath(to);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Directory.Move(folder, target);
            Directory.SetLastWriteTimeUtc(target, DateTime.UtcNow);
            return target;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else was faster, or the cache is only to be read.
            return null;
        }
    }

    private string NewPath(string below) => Path.Combine(root, below, Guid.NewGuid().ToString("N"));

    private static DirectoryInfo[] FoldersIn(string path)
    {
        var directory = new DirectoryInfo(path);
        return directory.Exists ? [.. directory.GetDirectories().OrderBy(folder => folder.Name, StringComparer.Ordinal)] : [];
    }
}
