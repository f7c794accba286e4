using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using QuantBuild.Tasks.Keys;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Requests;

/// <summary>Folders that are data of models. MSBuild compares times of files only, and sees neither that one is gone nor that an old one has come.</summary>
internal static class DataFolders
{
    private const int DeepestFolder = 64;

    /// <summary>
    /// Writes down which files the folders hold, with sizes and times, in a file that changes only when one of these does: an input like any other.
    /// </summary>
    /// <param name="paths">Absolute, of files and folders.</param>
    /// <returns>The paths, with that file in place of all folders.</returns>
    public static IReadOnlyList<string> Watch(IReadOnlyList<string> paths, string listing)
    {
        List<string> folders = [.. paths.Where(Directory.Exists)];
        if (folders.Count == 0)
            return paths;
        AtomicFile.WriteIfDifferent(listing, Encoding.UTF8.GetBytes(string.Concat(folders.Select(folder => ListingHash(folder) + " " + folder + "\n"))));
        return [.. paths.Except(folders, StringComparer.Ordinal), listing];
    }

    /// <summary>Hash of names and contents of all files. The worker computes the same of the folders that it reads.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string ContentHash(string folder)
    {
        var text = new StringBuilder();
        foreach ((string name, FileInfo file) in FilesOf(folder))
            text.Append(ModelKey.FileHash(file.FullName)).Append(' ').Append(name).Append('\n');
        return ModelKey.TextHash(text.ToString());
    }

    private static string ListingHash(string folder)
    {
        var text = new StringBuilder();
        try
        {
            foreach ((string name, FileInfo file) in FilesOf(folder))
                text.AppendFormat(CultureInfo.InvariantCulture, "{0} {1} {2}\n", file.LastWriteTimeUtc.Ticks, file.Length, name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The worker says what is wrong with it.
            text.Append(exception.Message);
        }

        return ModelKey.TextHash(text.ToString());
    }

    /// <summary>In the order of their names, which are relative to the folder with forward slashes. Links to folders, which the worker refuses, are
    /// not followed.</summary>
    private static List<(string Name, FileInfo File)> FilesOf(string folder)
    {
        var files = new List<(string Name, FileInfo File)>();
        Collect(new DirectoryInfo(folder), "", 0);
        files.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return files;

        void Collect(DirectoryInfo from, string prefix, int depth)
        {
            foreach (FileSystemInfo entry in from.EnumerateFileSystemInfos().Where(entry => !IsLeftBySystem(entry.Name)))
            {
                if (entry is FileInfo file)
                    files.Add((prefix + entry.Name, file));
                else if ((entry.Attributes & FileAttributes.ReparsePoint) == 0 && depth < DeepestFolder)
                    Collect((DirectoryInfo)entry, prefix + entry.Name + "/", depth + 1);
            }
        }
    }

    private static bool IsLeftBySystem(string name) =>
        name.StartsWith(".", StringComparison.Ordinal)
        || string.Equals(name, "Thumbs.db", StringComparison.OrdinalIgnoreCase) || string.Equals(name, "desktop.ini", StringComparison.OrdinalIgnoreCase);
}
