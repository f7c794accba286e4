using System;
using System.IO;
using System.Linq;

namespace QuantBuild.Tasks;

/// <summary>Pages of the documentation, which are files of the package.</summary>
internal static class HelpLinks
{
    /// <summary>The tasks are in <c>tools/tasks/netstandard2.0</c>.</summary>
    private static readonly string PackageFolder =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(HelpLinks).Assembly.Location)!, "..", "..", ".."));

    public static string For(string code) => UriOf(PathOf(code), Path.DirectorySeparatorChar);

    public static string PathOf(string code) => Path.Combine(PackageFolder, "docs", code + ".md");

    /// <param name="path">Absolute; may be a drive's or a server's, and hold any character.</param>
    internal static string UriOf(string path, char separator)
    {
        string[] parts = path.Split(separator);
        bool isDrive = parts[0].Length == 2 && parts[0][1] == ':';
        string escaped = string.Join("/", parts.Select((part, index) => index == 0 && isDrive ? part : Uri.EscapeDataString(part)));
        return escaped.StartsWith("//", StringComparison.Ordinal) ? "file:" + escaped : "file://" + (isDrive ? "/" : "") + escaped;
    }
}
