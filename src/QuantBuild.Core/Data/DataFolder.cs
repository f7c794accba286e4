using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>A file of a data folder.</summary>
/// <param name="Name">Relative to the folder, with forward slashes.</param>
/// <param name="Path">Absolute.</param>
internal sealed record DataFile(string Name, string Path, long SizeBytes)
{
    public string Extension { get; } = System.IO.Path.GetExtension(Name).ToLowerInvariant();

    /// <summary>The sub-folder, relative with forward slashes; empty at the top.</summary>
    public string Folder { get; } = Name.LastIndexOf('/') is >= 0 and var end ? Name[..end] : "";

    /// <summary>The name without folder and extension.</summary>
    public string Stem { get; } = System.IO.Path.GetFileNameWithoutExtension(Name);
}

/// <summary>A folder that is a data set: its files in an order that depends on their names alone, checked before any of them is opened.</summary>
/// <param name="Files">Ordinally by name. Names that start with a dot, and what file managers leave, are not among them.</param>
internal sealed record DataFolder(string Path, string DisplayPath, DiagnosticOrigin? Origin, IReadOnlyList<DataFile> Files)
{
    /// <summary>Hashing more would take longer than any calibration.</summary>
    public const int MostFiles = 1_000_000;

    private const long LargestTotalBytes = 1L << 38;

    private const int DeepestFolder = 32;

    /// <param name="largestTotalBytes">A whole number of GiB.</param>
    /// <exception cref="QuantBuildException">QB4018: a link that leads out, too many files, or a name that cannot be written down.</exception>
    public static DataFolder Open(string path, string displayPath, DiagnosticOrigin? origin, long largestTotalBytes = LargestTotalBytes)
    {
        try
        {
            var files = new List<DataFile>();
            long bytes = 0;
            string root = Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? System.IO.Path.GetFullPath(path);
            Collect(new DirectoryInfo(root), "", depth: 0);
            files.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
            return new DataFolder(path, displayPath, origin, files);

            void Collect(DirectoryInfo folder, string prefix, int depth)
            {
                if (depth > DeepestFolder)
                    throw Problem($"its sub-folders are nested more than {DeepestFolder} deep");
                foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().Where(entry => !IsLeftBySystem(entry.Name)))
                {
                    string name = prefix + entry.Name;
                    if (entry.Name.Any(character => char.IsControl(character) || character == '\uFFFD'))
                        throw Problem($"the name '{TextLine.Of(name)}' holds control characters, or is not UTF-8");
                    if (entry.LinkTarget is not null)
                        CheckLink(entry, name);
                    if (entry is DirectoryInfo inner)
                        Collect(inner, name + "/", depth + 1);
                    else if (files.Count == MostFiles)
                        throw Problem($"it has more than {MostFiles} files");
                    else
                        files.Add(Add(new DataFile(name, System.IO.Path.Combine(root, name), SizeOf(entry))));
                }
            }

            void CheckLink(FileSystemInfo entry, string name)
            {
                if (entry is DirectoryInfo)
                    throw Problem($"'{name}' is a link to a folder; put the folder itself there");
                string target = entry.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
                if (!target.StartsWith(root + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    throw Problem($"'{name}' is a link out of the folder");
                if (!File.Exists(target))
                    throw Problem($"'{name}' is a link to a file that is not there");
            }

            DataFile Add(DataFile file)
            {
                bytes += file.SizeBytes;
                return bytes > largestTotalBytes ? throw Problem($"its files have more than {largestTotalBytes >> 30} GiB") : file;
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Problem(cause.Message);
        }

        QuantBuildException Problem(string why) => new(DiagnosticCatalogue.InvalidDataFolder.At(origin, displayPath, why));
    }

    /// <exception cref="QuantBuildException">QB4018, always.</exception>
    public QuantBuildException Problem(string why) => new(DiagnosticCatalogue.InvalidDataFolder.At(Origin, DisplayPath, TextLine.Of(why)));

    /// <summary>The same rule stands in the tasks, which decide whether a model is current.</summary>
    private static bool IsLeftBySystem(string name) =>
        name.StartsWith('.') || name.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase) || name.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase);

    private static long SizeOf(FileSystemInfo entry) =>
        entry.LinkTarget is null ? ((FileInfo)entry).Length : new FileInfo(entry.ResolveLinkTarget(returnFinalTarget: true)!.FullName).Length;
}
