namespace QuantBuild.Caching;

/// <summary>Keeps the cache below its limit: the results that were used longest ago go first.</summary>
internal static class CacheEviction
{
    /// <summary>What a crash left or damage took out of the way stays that long.</summary>
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(1);

    /// <param name="keep">Name of the entry that was just added.</param>
    public static void Run(CacheFolders folders, long sizeLimit, string keep, Action<string> tell)
    {
        // One process at a time is enough; the others leave it to the next time.
        using CacheLock? turn = CacheLock.TryTake(folders.EvictionLock);
        if (turn is null)
            return;
        foreach (DirectoryInfo leftover in folders.Leftovers())
            if (DateTime.UtcNow - leftover.LastWriteTimeUtc > LeftoverAge)
                folders.Delete(leftover);

        (DirectoryInfo Folder, long Bytes, DateTime Used)[] entries =
            [.. folders.Entries().Select(entry => (entry, SizeOf(entry), LastUse(entry))).OrderBy(entry => entry.Item3).ThenBy(entry => entry.entry.Name, StringComparer.Ordinal)];
        long bytes = entries.Sum(entry => entry.Bytes);
        foreach ((DirectoryInfo folder, long size, _) in entries)
        {
            if (bytes <= sizeLimit)
                return;
            if (folder.Name == keep || !Remove(folder, folders))
                continue;
            bytes -= size;
            tell($"removed from the cache to keep it below its limit: {folder.Name[..8]}");
        }
    }

    /// <returns>False when somebody uses the entry, or one whose lock is the same.</returns>
    private static bool Remove(DirectoryInfo entry, CacheFolders folders)
    {
        using CacheLock? unused = CacheLock.TryTake(folders.LockOf(entry.Name));
        return unused is not null && folders.Delete(entry);
    }

    private static long SizeOf(DirectoryInfo entry) => Existing(entry).Sum(file => file.Bytes);

    private static DateTime LastUse(DirectoryInfo entry) => Existing(entry).FirstOrDefault(file => file.Name == CacheManifest.FileName).Written;

    /// <remarks>Another process may be deleting the entry, or keep it for itself.</remarks>
    private static (string Name, long Bytes, DateTime Written)[] Existing(DirectoryInfo entry)
    {
        try
        {
            return [.. entry.GetFiles().Select(file => (file.Name, file.Length, file.LastWriteTimeUtc))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
