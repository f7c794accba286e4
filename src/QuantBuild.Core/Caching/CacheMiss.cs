namespace QuantBuild.Caching;

/// <summary>Says why there is no entry: what is different in the one that is most alike.</summary>
internal static class CacheMiss
{
    /// <summary>Entries that are looked at, the latest first.</summary>
    private const int MostEntries = 100;

    /// <summary>With more differences it is another model, and no explanation.</summary>
    private const int MostDifferences = 4;

    public static string Explain(CacheKey key, CacheFolders folders)
    {
        string[]? nearest = folders.Entries()
            .OrderByDescending(entry => entry.LastWriteTimeUtc)
            .Take(MostEntries)
            .Select(entry => Differences(key, entry.FullName))
            .Where(differences => differences is { Length: <= MostDifferences })
            .MinBy(differences => differences!.Length);
        return nearest is null
            ? "not in the cache: nothing like it was quantized yet"
            : $"not in the cache: the nearest result has another {string.Join(", ", nearest)}";
    }

    /// <returns>Names of the parts that are not equal; null for an entry that cannot be read.</returns>
    private static string[]? Differences(CacheKey key, string folder)
    {
        try
        {
            Dictionary<string, string> others = CacheManifest.Read(folder).Parts.ToDictionary(part => part.Name, part => part.Value, StringComparer.Ordinal);
            return
            [
                .. key.Parts.Where(part => others.GetValueOrDefault(part.Name) != part.Value).Select(part => part.Name)
                    .Union(others.Keys.Except(key.Parts.Select(part => part.Name), StringComparer.Ordinal), StringComparer.Ordinal)
                    .OrderBy(name => name, StringComparer.Ordinal),
            ];
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
