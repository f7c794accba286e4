using Microsoft.Win32.SafeHandles;

namespace QuantBuild.Execution;

/// <summary>A file that only this object sees, for what need not be in memory. It is gone when the process is, however that ends.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly SafeFileHandle handle;

    public ScratchFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"quantbuild.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp");
        handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.DeleteOnClose);
        // Windows deletes it with the last handle; elsewhere it may lose its name now.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    public long Length { get; private set; }

    /// <returns>Where the bytes lie.</returns>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        long offset = Length;
        RandomAccess.Write(handle, bytes, offset);
        Length += bytes.Length;
        return offset;
    }

    public byte[] Read(long offset, int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        for (int read = 0; read < length;)
        {
            int part = RandomAccess.Read(handle, bytes.AsSpan(read), offset + read);
            read += part > 0 ? part : throw new EndOfStreamException($"{length} bytes at {offset} were never written.");
        }
        return bytes;
    }

    public void Dispose() => handle.Dispose();
}
