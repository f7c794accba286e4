namespace QuantBuild.Data;

/// <summary>The elements of one array from first to last; the checksum of the entry is verified with the last of them.</summary>
internal sealed class NpzElementStream : IDisposable
{
    /// <summary>Small arrays (labels: eight bytes a sample) are read through it; what is larger goes past it.</summary>
    private const int BufferBytes = 16 * 1024;

    private readonly Stream stream;
    private Crc32 checksum;

    /// <param name="entry">At the start of the header; closed with this.</param>
    public NpzElementStream(NpzArray array, Stream entry)
    {
        Array = array;
        stream = new BufferedStream(entry, BufferBytes);
        byte[] header = new byte[array.Header.SizeBytes];
        stream.ReadExactly(header);
        checksum.Append(header);
    }

    public NpzArray Array { get; }

    /// <exception cref="Diagnostics.QuantBuildException">QB4001: the array ends early or its checksum is wrong.</exception>
    public void Read(Span<byte> destination, bool isLast, UnreadableFile file)
    {
        try
        {
            stream.ReadExactly(destination);
        }
        catch (Exception cause) when (UnreadableFile.IsReadFailure(cause))
        {
            throw file.From(cause, Array.Description.Name);
        }

        checksum.Append(destination);
        if (isLast && checksum.Value != Array.Checksum)
            throw file.Because("its checksum is wrong; the file is damaged", Array.Description.Name);
    }

    public void Dispose() => stream.Dispose();
}
