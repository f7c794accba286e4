using System.Buffers.Binary;

namespace QuantBuild.Data;

/// <summary>What a WAV file says of its sound.</summary>
/// <param name="Bits">Of one value of one channel.</param>
/// <param name="Start">Position of the first frame in the file.</param>
internal sealed record WavHeader(bool IsFloat, int Channels, int SamplingRate, int Bits, long Start, long Frames)
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;

    private const int MostChannels = 64;

    private const int MostChunks = 1_000;

    public int FrameBytes => Channels * Bits / 8;

    /// <exception cref="InvalidDataException">Not a WAV file of plain numbers; the message says why.</exception>
    public static WavHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.StartsWith("RIFF"u8) || !start.EndsWith("WAVE"u8))
            throw new InvalidDataException("it is not a WAV file");
        WavHeader? format = null;
        Span<byte> chunk = stackalloc byte[8];
        for (int i = 0; i < MostChunks; i++)
        {
            stream.ReadExactly(chunk);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (length > stream.Length - stream.Position)
                throw new EndOfStreamException();
            long next = stream.Position + length + (length & 1);
            if (chunk.StartsWith("fmt "u8))
                format = ReadFormat(stream, length);
            else if (chunk.StartsWith("data"u8))
                return format is null
                    ? throw new InvalidDataException("its sound comes before the description of it")
                    : format with { Start = stream.Position, Frames = length / format.FrameBytes };
            stream.Position = next;
        }
        throw new InvalidDataException($"it has no sound in its first {MostChunks} chunks");
    }

    private static WavHeader ReadFormat(Stream stream, long length)
    {
        const int Shortest = 16;
        const int WithSubformat = 26;
        Span<byte> bytes = stackalloc byte[WithSubformat];
        if (length < Shortest)
            throw new InvalidDataException($"its description has {length} bytes; {Shortest} are needed");
        stream.ReadExactly(bytes[..(int)Math.Min(length, WithSubformat)]);
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (tag == Extensible && length >= WithSubformat)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (!(tag == Pcm && bits is 8 or 16 or 24 or 32) && !(tag == Float && bits == 32))
            throw new InvalidDataException($"its sound is stored as format {tag} with {bits} bits; PCM of 8, 16, 24 and 32 bits and float of 32 bits can be read");
        if (channels is 0 or > MostChannels || rate is 0 or > int.MaxValue)
            throw new InvalidDataException($"it has {channels} channels and {rate} samples a second, which is no sound");
        return new WavHeader(tag == Float, channels, (int)rate, bits, 0, 0);
    }
}
