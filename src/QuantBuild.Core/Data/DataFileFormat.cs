namespace QuantBuild.Data;

/// <summary>Names what a file is that should have been data.</summary>
internal static class DataFileFormat
{
    private const int LongestSignature = 32;

    /// <returns>A sentence that starts with "it is", for a message; null when the file starts like a zip archive.</returns>
    public static string? DescribeUnlessZip(Stream stream)
    {
        Span<byte> buffer = stackalloc byte[LongestSignature];
        stream.Position = 0;
        ReadOnlySpan<byte> start = buffer[..stream.ReadAtLeast(buffer, LongestSignature, throwOnEndOfStream: false)];
        stream.Position = 0;

        if (start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8))
            return null;
        return Describe(start) ?? "it is not an .npz archive";
    }

    /// <param name="start">The first bytes of a file.</param>
    /// <returns>A sentence that starts with "it is"; null when the bytes say nothing.</returns>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return "it is empty";
        if (NpyHeader.StartsLike(start))
            return "it is a single .npy array, not an .npz archive; save it with numpy.savez(path, name_of_the_input=array)";
        if (start.StartsWith("version https://git-lfs"u8))
            return "it is a Git LFS pointer; run 'git lfs pull'";
        if (IsMarkup(start))
            return "it is a web page, not the file that was to be downloaded";
        if (start is [0x89, (byte)'H', (byte)'D', (byte)'F', ..])
            return "it is an HDF5 file, not an .npz archive";
        if (start is [0x80, >= 2 and <= 5, ..])
            return "it is a Python pickle, which is never loaded because loading it runs code; save arrays with numpy.savez";
        return start is [0x1F, 0x8B, ..] ? "it is a gzip file, not an .npz archive" : null;
    }

    private static bool IsMarkup(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = start.TrimStart(" \t\r\n\uFEFF"u8);
        return text is [(byte)'<', (byte)'!' or (byte)'?' or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z'), ..];
    }
}
