using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>A path that a setting names as data, with what can be seen of it before a format is chosen.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="DisplayPath">As the user wrote it, for messages.</param>
/// <param name="Start">The first bytes of a file.</param>
/// <param name="Folder">Null for a file.</param>
internal sealed record DataPath(string Path, string DisplayPath, DiagnosticOrigin? Origin, byte[] Start, DataFolder? Folder)
{
    private const int StartBytes = 64;

    public bool IsFile => Folder is null;

    /// <summary>With its dot, in lower case.</summary>
    public string Extension { get; } = System.IO.Path.GetExtension(Path).ToLowerInvariant();

    public UnreadableFile File => new(DisplayPath, Origin);

    /// <exception cref="QuantBuildException">QB4001: the file cannot be opened. QB4018: the folder cannot be used.</exception>
    public static DataPath Open(string path, string displayPath, DiagnosticOrigin? origin)
    {
        if (Directory.Exists(path))
            return new DataPath(path, displayPath, origin, [], DataFolder.Open(path, displayPath, origin));
        byte[] start = new UnreadableFile(displayPath, origin).Guard(() =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] buffer = new byte[StartBytes];
            return buffer[..file.ReadAtLeast(buffer, StartBytes, throwOnEndOfStream: false)];
        });
        return new DataPath(path, displayPath, origin, start, null);
    }

    /// <summary>Whether this is a folder that holds files of one of these extensions.</summary>
    public bool HoldsFiles(params ReadOnlySpan<string> extensions)
    {
        foreach (string extension in extensions)
            if (Folder is not null && Folder.Files.Any(file => file.Extension == extension))
                return true;
        return false;
    }
}
