namespace QuantBuild.Caching;

/// <summary>
/// Results by content, shared by all projects of a user. An entry is a folder that appears whole, by renaming, and is checked against its
/// hashes whenever it is read. Whatever is wrong with the cache costs time, never a build.
/// </summary>
/// <param name="directory">Absolute.</param>
/// <param name="sizeLimit">Bytes that all entries may have together.</param>
/// <param name="tell">Takes sentences for the log.</param>
internal sealed class ResultCache(string directory, long sizeLimit, Action<string> tell)
{
    /// <summary>Part of the path, so that versions with another layout live beside each other.</summary>
    private const string Layout = "v1";

    private readonly CacheFolders folders = new(Path.Combine(directory, Layout));

    /// <summary>Waits until no other process works on this result.</summary>
    /// <returns>Null when the folder cannot be written; then everybody works alone.</returns>
    public IDisposable? Lock(CacheKey key, CancellationToken cancellation)
    {
        try
        {
            folders.CreateRoot();
            return CacheLock.Take(folders.LockOf(key), () => tell("another build is working on the same result; waiting for it"), cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            tell($"the cache cannot be used: {exception.Message}");
            return null;
        }
    }

    /// <summary>Hands the folder of an entry to who asked for it, after every byte of it was checked.</summary>
    /// <param name="read">Takes the folder, and gives null for what is not wanted; an <see cref="InvalidDataException"/> of it counts as damage.</param>
    /// <returns>Null when there is no entry that can be used; the log says why.</returns>
    public T? Find<T>(CacheKey key, Func<string, T?> read)
        where T : class
    {
        string folder = folders.EntryOf(key);
        try
        {
            if (!Directory.Exists(folder))
            {
                tell(CacheMiss.Explain(key, folders));
                return null;
            }
            CacheManifest.Read(folder).Verify(folder);
            if (read(folder) is not { } result)
            {
                tell($"the cached result {key.Id[..8]} is not what is wanted");
                return null;
            }
            folders.Touch(folder);
            tell($"found in the cache: {folder}");
            return result;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            tell($"the cached result {key.Id[..8]} is set aside: {exception.Message}");
            folders.SetAside(folder);
            return null;
        }
    }

    /// <summary>Adds an entry. Nothing happens when it cannot be written.</summary>
    /// <param name="write">Writes the files of the entry into the folder that it is given.</param>
    public void Publish(CacheKey key, Action<string> write)
    {
        try
        {
            using TemporaryEntry entry = folders.NewEntry();
            write(entry.Folder);
            CachedFile[] files = entry.Seal(key);
            long bytes = files.Sum(file => file.Length);
            if (bytes > sizeLimit)
            {
                tell($"not put into the cache: {bytes} bytes are more than the whole cache may have");
                return;
            }
            entry.MoveTo(folders.EntryOf(key));
            tell($"put into the cache: {folders.EntryOf(key)}");
            CacheEviction.Run(folders, sizeLimit, key.Id, tell);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            tell($"not put into the cache: {exception.Message}");
        }
    }
}
