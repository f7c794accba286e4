namespace QuantBuild.Caching;

/// <summary>Where a user's results are when no setting says otherwise.</summary>
internal static class CacheLocation
{
    /// <summary><c>%LOCALAPPDATA%\quantbuild</c> on Windows, <c>~/Library/Caches/quantbuild</c> on macOS, and <c>$XDG_CACHE_HOME/quantbuild</c> or
    /// <c>~/.cache/quantbuild</c> elsewhere.</summary>
    /// <returns>Absolute; null for a user without a home.</returns>
    public static string? Default() => Roots().FirstOrDefault(root => Path.IsPathFullyQualified(root ?? "")) is { } root ? Path.Combine(root, "quantbuild") : null;

    private static IEnumerable<string?> Roots()
    {
        if (OperatingSystem.IsWindows())
        {
            yield return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            yield break;
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS())
        {
            yield return Path.Combine(home, "Library", "Caches");
            yield break;
        }
        yield return Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        yield return Path.Combine(home, ".cache");
    }
}
