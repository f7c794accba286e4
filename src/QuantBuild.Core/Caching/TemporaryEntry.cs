namespace QuantBuild.Caching;

/// <summary>An entry that is being written; gone in the end unless it was moved to its place.</summary>
internal sealed class TemporaryEntry(string folder) : IDisposable
{
    public string Folder { get; } = folder;

    /// <summary>Brings every file to the disk and then writes the manifest: after a power cut there is no entry, or a whole one.</summary>
    public CachedFile[] Seal(CacheKey key)
    {
        CachedFile[] files =
        [
            .. new DirectoryInfo(Folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => new CachedFile(file.Name, file.Length, ContentHash.OfFile(file.FullName))),
        ];
        foreach (CachedFile file in files)
            Flush(Path.Combine(Folder, file.Name));
        string manifest = Path.Combine(Folder, CacheManifest.FileName);
        File.WriteAllBytes(manifest, new CacheManifest(CacheManifest.CurrentSchema, key.Parts, files).ToBytes());
        Flush(manifest);
        return files;
    }

    /// <summary>An entry that is there already has the same content, and stays.</summary>
    public void MoveTo(string place)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        if (!Directory.Exists(place))
            Directory.Move(Folder, place);
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static void Flush(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
