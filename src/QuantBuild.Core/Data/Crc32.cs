using System.Runtime.InteropServices;

namespace QuantBuild.Data;

/// <summary>The checksum of zip entries (polynomial 0xEDB88320, reflected), which <see cref="System.IO.Compression.ZipArchive"/> does not verify.</summary>
/// <remarks>Eight bytes a step: table[k][b] is the checksum of the byte b followed by k zero bytes, and checksums of parts combine by XOR
/// because the code is linear.</remarks>
internal struct Crc32
{
    private const int Slices = 8;
    private static readonly uint[] Tables = MakeTables();
    private uint inverted;

    public readonly uint Value => inverted;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = ~inverted;
        uint[] tables = Tables;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong little in words)
        {
            ulong word = (BitConverter.IsLittleEndian ? little : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(little)) ^ state;
            state = 0;
            for (int slice = 0; slice < Slices; slice++)
                state ^= tables[((Slices - 1 - slice) * 256) + (int)((word >> (8 * slice)) & 0xFF)];
        }

        foreach (byte value in bytes[(words.Length * Slices)..])
            state = (state >> 8) ^ tables[(int)((state ^ value) & 0xFF)];
        inverted = ~state;
    }

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[Slices * 256];
        for (int i = 0; i < tables.Length; i++)
        {
            uint state = i < 256 ? (uint)i : tables[i - 256];
            if (i < 256)
            {
                for (int bit = 0; bit < 8; bit++)
                    state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0xEDB88320;
                tables[i] = state;
            }
            else
            {
                tables[i] = (state >> 8) ^ tables[(int)(state & 0xFF)];
            }
        }

        return tables;
    }
}
