using System.Buffers.Binary;
using System.Text;

namespace QuantBuild.Data;

/// <summary>Strings as bytes of a sample: each its length in UTF-8 bytes (int32, little-endian), then the bytes.</summary>
internal static class SampleStrings
{
    public static byte[] ToBytes(IReadOnlyList<string> strings)
    {
        byte[] bytes = new byte[strings.Sum(text => sizeof(int) + Encoding.UTF8.GetByteCount(text))];
        int position = 0;
        foreach (string text in strings)
        {
            int length = Encoding.UTF8.GetBytes(text, bytes.AsSpan(position + sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), length);
            position += sizeof(int) + length;
        }
        return bytes;
    }

    public static IReadOnlyList<string> Read(ReadOnlySpan<byte> bytes)
    {
        var strings = new List<string>();
        while (!bytes.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            strings.Add(Encoding.UTF8.GetString(bytes.Slice(sizeof(int), length)));
            bytes = bytes[(sizeof(int) + length)..];
        }
        return strings;
    }
}
