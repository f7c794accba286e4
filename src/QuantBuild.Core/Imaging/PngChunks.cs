using System.Buffers.Binary;
using System.Text;

namespace QuantBuild.Imaging;

/// <summary>One chunk of a PNG file.</summary>
/// <param name="Type">Four letters; a small first letter says that the picture can be read without the chunk.</param>
internal readonly record struct PngChunk(string Type, ReadOnlyMemory<byte> Data);

/// <summary>Splits a PNG file into its chunks.</summary>
internal static class PngChunks
{
    private const int SignatureBytes = 8;

    private const uint CrcPolynomial = 0xEDB88320;

    private static readonly uint[] crcTable = MakeCrcTable();

    /// <summary>All chunks up to the one that ends the picture, checksums of those that matter checked.</summary>
    public static IEnumerable<PngChunk> Of(byte[] file)
    {
        int position = SignatureBytes;
        while (true)
        {
            if (file.Length - position < 12)
                throw new InvalidDataException("it ends early; the file is truncated");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position));
            string type = Encoding.Latin1.GetString(file, position + 4, 4);
            if (!type.All(char.IsAsciiLetter))
                throw new InvalidDataException("it has a chunk without a valid name; the file is damaged");
            if (length > file.Length - position - 12)
                throw new InvalidDataException($"its chunk {type} ends after the file; the file is truncated or damaged");
            ReadOnlyMemory<byte> data = file.AsMemory(position + 8, (int)length);
            uint expected = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position + 8 + (int)length));
            if (char.IsAsciiLetterUpper(type[0]) && Crc(file.AsSpan(position + 4, (int)length + 4)) != expected)
                throw new InvalidDataException($"the checksum of its chunk {type} does not fit; the file is damaged");
            if (type == "IEND")
                yield break;
            yield return new PngChunk(type, data);
            position += 12 + (int)length;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = crcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ CrcPolynomial : value >> 1;
            table[index] = value;
        }
        return table;
    }
}
