namespace QuantBuild.Settings;

/// <summary>A class of the user that gives samples, as a setting names it.</summary>
/// <param name="Assembly">Absolute path.</param>
/// <param name="TypeName">With or without its namespace; null for the only class that gives samples.</param>
/// <param name="DisplayName">As the user wrote it, for messages.</param>
internal sealed record ProviderReference(string Assembly, string? TypeName, string DisplayName)
{
    private const char Separator = ';';

    /// <param name="written">The path of an assembly, then, behind a semicolon, the name of a type.</param>
    /// <param name="absolute">Makes a path absolute.</param>
    public static ProviderReference Parse(string written, Func<string, string> absolute)
    {
        string[] parts = written.Split(Separator, 2, StringSplitOptions.TrimEntries);
        return new ProviderReference(absolute(parts[0]), parts.Length == 2 && parts[1].Length > 0 ? parts[1] : null, written);
    }

    /// <summary>What was written, with the path as it is shown.</summary>
    public static string ForReport(string written, Func<string, string> shown)
    {
        string[] parts = written.Split(Separator, 2);
        return string.Join(Separator, [shown(parts[0]), .. parts[1..]]);
    }
}
