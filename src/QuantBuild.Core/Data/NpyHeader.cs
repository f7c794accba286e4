using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>What stands before the elements of an .npy array.</summary>
/// <param name="IsFortranOrder">The first axis runs fastest.</param>
/// <param name="SizeBytes">Bytes from the start of the array to its first element.</param>
internal sealed record NpyHeader(OnnxElementType ElementType, bool IsFortranOrder, IReadOnlyList<long> Shape, int SizeBytes)
{
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The length field of version 1 reaches no further, and numpy itself refuses to evaluate more than 10,000 characters.
    /// Only structured types, which are refused anyway, need more than a line.</summary>
    private const int LargestText = 64 * 1024;

    public static bool StartsLike(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads magic number, version, length and text; the stream is left at the first element.</summary>
    /// <exception cref="InvalidDataException">Not an array, or one that is not plain numbers; the message says what was found.</exception>
    /// <exception cref="EndOfStreamException">The header ends early.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (!StartsLike(start))
            throw new InvalidDataException("it is not a numpy array");

        int version = start[6];
        if (version is < 1 or > 3)
            throw new InvalidDataException($"it has version {version} of the .npy format; 1 to 3 are known");

        Span<byte> lengthField = stackalloc byte[version == 1 ? 2 : 4];
        stream.ReadExactly(lengthField);
        uint length = 0;
        for (int i = lengthField.Length - 1; i >= 0; i--)
            length = (length << 8) | lengthField[i];
        if (length > LargestText)
            throw new InvalidDataException($"its header claims {length} bytes; at most {LargestText} are allowed");

        byte[] text = new byte[length];
        stream.ReadExactly(text);
        return new NpyHeaderParser(text).Parse(start.Length + lengthField.Length + text.Length);
    }
}
