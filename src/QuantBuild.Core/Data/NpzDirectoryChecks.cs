using System.IO.Compression;

namespace QuantBuild.Data;

/// <summary>What is demanded of an archive's directory before any entry is unpacked.</summary>
internal static class NpzDirectoryChecks
{
    public const string Extension = ".npy";

    /// <summary>DEFLATE needs at least two bits for its longest match of 258 bytes, so a larger ratio is a lie in the directory.
    /// Zeros reach it legitimately, which is why no smaller ratio is refused.</summary>
    private const long LargestRatio = 1032;

    /// <summary>A day of reading at the pace of inflate would be a denial of service; a quarter of a tebibyte is minutes, and more than
    /// any calibration needs.</summary>
    private const long LargestTotalBytes = 1L << 38;

    /// <exception cref="InvalidDataException">The directory is not that of an .npz archive; the message says why.</exception>
    public static void Check(IReadOnlyList<ZipArchiveEntry> entries, long fileBytes)
    {
        if (entries.Count == 0)
            throw new InvalidDataException("it contains no arrays");

        HashSet<string> names = new(StringComparer.Ordinal);
        long totalBytes = 0;
        long packedBytes = 0;
        foreach (ZipArchiveEntry entry in entries)
        {
            CheckEntry(entry);
            if (!names.Add(entry.FullName))
                throw new InvalidDataException($"it contains '{entry.FullName}' twice");
            if (entry.Length > LargestTotalBytes - totalBytes)
                throw new InvalidDataException($"its arrays claim more than {LargestTotalBytes >> 30} GiB");
            totalBytes += entry.Length;
            packedBytes = entry.CompressedLength > fileBytes - packedBytes
                ? throw new InvalidDataException("its entries claim more bytes than the file has")
                : packedBytes + entry.CompressedLength;
        }
    }

    private static void CheckEntry(ZipArchiveEntry entry)
    {
        string name = entry.FullName;
        if (name.AsSpan().ContainsAny('/', '\\'))
            throw new InvalidDataException($"its entry '{name}' lies in a folder; an .npz archive has none");
        if (!name.EndsWith(Extension, StringComparison.Ordinal) || name.Length == Extension.Length)
            throw new InvalidDataException($"its entry '{name}' is not an .npy array");
        if (entry.IsEncrypted)
            throw new InvalidDataException($"its entry '{name}' is encrypted");
        if (entry.Length < 0 || entry.CompressedLength < 0 || entry.Length / LargestRatio > entry.CompressedLength)
            throw new InvalidDataException(
                $"its entry '{name}' claims {entry.Length} bytes packed into {entry.CompressedLength}, which no compression reaches");
    }
}
