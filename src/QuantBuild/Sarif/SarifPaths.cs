using System;
using System.IO;
using System.Linq;

namespace QuantBuild.Tasks.Sarif;

/// <summary>Paths as code scanning wants them: from the top of the repository, the same on every machine.</summary>
internal static class SarifPaths
{
    /// <returns>The nearest folder above with a repository in it; without one, the folder itself.</returns>
    public static string RootOf(string directory)
    {
        for (DirectoryInfo? folder = new(directory); folder != null; folder = folder.Parent)
        {
            // A work tree of another repository has a file of this name.
            string git = Path.Combine(folder.FullName, ".git");
            if (Directory.Exists(git) || File.Exists(git))
                return folder.FullName;
        }

        return directory;
    }

    /// <returns>With slashes and escaped; of a file elsewhere, its name alone: the folders of a machine are nobody's business.</returns>
    public static string Relative(string root, string file)
    {
        string folder = root.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) + Path.DirectorySeparatorChar;
        string full = Path.GetFullPath(Path.Combine(root, file));
        string shown = full.StartsWith(folder, StringComparison.Ordinal) ? full.Substring(folder.Length) : Path.GetFileName(full);
        return string.Join("/", shown.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
    }
}
