using System.IO.Compression;
using System.Text;
using QuantBuild.Onnx;

namespace QuantBuild.Testing;

/// <summary>Writes .npz archives as numpy.savez_compressed does, and broken ones that numpy would not write.</summary>
internal static class NpzWriter
{
    /// <summary>Time stamps do not depend on the clock, so that equal arrays give equal files.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(string path, params NamedArray[] arrays) => Write(path, CompressionLevel.Optimal, arrays);

    public static void Write(string path, CompressionLevel compression, params NamedArray[] arrays) =>
        WriteEntries(path, compression, [.. arrays.Select(array => ($"{array.Name}.npy", Npy(array)))]);

    /// <summary>A zip archive of any entries, in this order.</summary>
    public static void WriteEntries(string path, CompressionLevel compression, params (string Name, byte[] Bytes)[] entries)
    {
        using ZipArchive zip = new(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in entries)
        {
            ZipArchiveEntry entry = zip.CreateEntry(name, compression);
            entry.LastWriteTime = EntryTime;
            using Stream stream = entry.Open();
            stream.Write(bytes);
        }
    }

    public static byte[] Npy(NamedArray array) => Npy(
        $"{{'descr': '{Descriptor(array.ElementType)}', 'fortran_order': False, 'shape': {Tuple(array.Shape)}, }}", array.Bytes);

    /// <param name="header">The Python literal; padded so that the elements are aligned to 64 bytes.</param>
    public static byte[] Npy(string header, byte[] elements, byte version = 1)
    {
        int lengthBytes = version == 1 ? 2 : 4;
        int unpadded = 8 + lengthBytes + header.Length + 1;
        byte[] text = Encoding.Latin1.GetBytes(header.PadRight(header.Length + ((64 - (unpadded % 64)) % 64)) + "\n");
        byte[] length = [.. BitConverter.GetBytes(text.Length).Take(lengthBytes)];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. elements];
    }

    private static string Tuple(long[] shape) => shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";

    private static string Descriptor(OnnxElementType type) => type switch
    {
        OnnxElementType.Float16 => "<f2",
        OnnxElementType.Float => "<f4",
        OnnxElementType.Double => "<f8",
        OnnxElementType.Int8 => "|i1",
        OnnxElementType.Int16 => "<i2",
        OnnxElementType.Int32 => "<i4",
        OnnxElementType.Int64 => "<i8",
        OnnxElementType.UInt8 => "|u1",
        OnnxElementType.UInt16 => "<u2",
        OnnxElementType.UInt32 => "<u4",
        OnnxElementType.UInt64 => "<u8",
        OnnxElementType.Bool => "|b1",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
