using QuantBuild.Execution;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Codes in memory, or in a file from which they are read when somebody asks for them, and dropped when nobody holds them.</summary>
internal sealed class StoredCodes
{
    private readonly byte[]? held;
    private readonly ScratchFile? file;
    private readonly WeakReference<byte[]>? read;
    private readonly long offset;
    private readonly int length;

    public StoredCodes(byte[] codes)
    {
        held = codes;
    }

    private StoredCodes(ScratchFile file, byte[] codes)
    {
        this.file = file;
        (offset, length) = (file.Append(codes), codes.Length);
        read = new WeakReference<byte[]>(codes);
    }

    public byte[] Codes
    {
        get
        {
            if (held is not null)
                return held;
            if (!read!.TryGetTarget(out byte[]? codes))
                read.SetTarget(codes = file!.Read(offset, length));
            return codes;
        }
    }

    public StoredCodes MovedTo(ScratchFile other) => new(other, Codes);
}
