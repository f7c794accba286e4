using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Sound of one channel in 16-bit integers.</summary>
internal static class WaveFile
{
    /// <summary>Of the parts of a RIFF file: four letters and the length.</summary>
    private const int ChunkHeaderBytes = 8;

    private const int FirstChunk = 12;

    /// <returns>Values from −32768 to 32767.</returns>
    /// <exception cref="InvalidDataException">The file has no samples.</exception>
    public static short[] Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        for (int at = FirstChunk; at + ChunkHeaderBytes <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            if (file.AsSpan(at, 4).SequenceEqual("data"u8))
                return MemoryMarshal.Cast<byte, short>(file.AsSpan(at + ChunkHeaderBytes, length)).ToArray();
            at += ChunkHeaderBytes + length;
        }
        throw new InvalidDataException($"'{path}' holds no sound.");
    }
}
