using System.IO.Compression;

namespace QuantBuild.Data;

/// <summary>An array of an archive, with what is needed to find and verify it again.</summary>
/// <param name="SizeBytes">Of the whole entry: header and elements.</param>
internal sealed record NpzArray(SampleArray Description, NpyHeader Header, string EntryName, long SizeBytes, uint Checksum);

/// <summary>An open .npz file: a zip archive of .npy arrays.</summary>
internal sealed class NpzArchive : IDisposable
{
    private readonly ZipArchive zip;

    private NpzArchive(ZipArchive zip, long sizeBytes)
    {
        this.zip = zip;
        SizeBytes = sizeBytes;
    }

    /// <summary>Of the file.</summary>
    public long SizeBytes { get; }

    public IReadOnlyList<ZipArchiveEntry> Entries => zip.Entries;

    /// <exception cref="InvalidDataException">Not a zip archive; the message says what it is.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read, or is a folder.</exception>
    public static NpzArchive Open(string path)
    {
        // Entries are buffered one by one: a buffer here would be dropped at every change from one entry to another.
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            if (DataFileFormat.DescribeUnlessZip(file) is { } found)
                throw new InvalidDataException(found);
            return new NpzArchive(OpenZip(file), file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the header of an entry whose directory record has passed <see cref="NpzDirectoryChecks"/>.</summary>
    /// <exception cref="InvalidDataException">Not an array of samples; the message says why.</exception>
    public static NpzArray ReadArray(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        NpyHeader header = NpyHeader.Read(stream);
        NpyShapeChecks.Check(header, entry.Length);
        return new NpzArray(new SampleArray(NameOf(entry), header.ElementType, header.Shape), header, entry.FullName, entry.Length, entry.Crc32);
    }

    public static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^NpzDirectoryChecks.Extension.Length];

    public void Dispose() => zip.Dispose();

    private static ZipArchive OpenZip(FileStream file)
    {
        try
        {
            ZipArchive zip = new(file, ZipArchiveMode.Read, leaveOpen: false);
            _ = zip.Entries.Count;
            return zip;
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException("it is a truncated or damaged zip archive", cause);
        }
    }
}
