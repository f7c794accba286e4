using System.Runtime.InteropServices;

namespace QuantBuild.OnnxRuntime;

/// <summary>Bytes in native memory that begin where vectors do.</summary>
/// <remarks>The runtime adds up what lies before the first vector boundary one by one and the rest in vectors, so that the order of a float sum, and with it
/// its last bits, follow from the address. Where the collector puts a managed array differs from run to run.</remarks>
internal sealed unsafe class AlignedCopy : IDisposable
{
    /// <summary>As wide as the widest vectors, and what the runtime's own allocator keeps to.</summary>
    private const int Alignment = 64;

    private void* start;

    public AlignedCopy(ReadOnlySpan<byte> bytes)
    {
        start = NativeMemory.AlignedAlloc((nuint)Math.Max(1, bytes.Length), Alignment);
        bytes.CopyTo(new Span<byte>(start, bytes.Length));
    }

    public nint Address => (nint)start;

    public void Dispose()
    {
        NativeMemory.AlignedFree(start);
        start = null;
    }
}
