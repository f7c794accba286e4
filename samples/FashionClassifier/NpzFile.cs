using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace FashionClassifier;

/// <summary>Reads arrays of an .npz file: a zip archive with one .npy file per array.</summary>
internal static class NpzFile
{
    /// <summary>An .npy file of version 1 starts with a magic string, two bytes of version and the header's length in two bytes.</summary>
    private const int PreambleLength = 10;

    public static float[] ReadFloats(string path, string array) => Read<float>(path, array, "'<f4'");

    public static long[] ReadIntegers(string path, string array) => Read<long>(path, array, "'<i8'");

    private static T[] Read<T>(string path, string array, string type)
        where T : unmanaged
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry entry = archive.GetEntry(array + ".npy") ?? throw new InvalidDataException($"{path} has no array '{array}'.");
        byte[] file = new byte[entry.Length];
        using (Stream stream = entry.Open())
            stream.ReadExactly(file);

        int headerLength = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(PreambleLength - sizeof(ushort)));
        string header = Encoding.ASCII.GetString(file, PreambleLength, headerLength);
        if (!header.Contains(type) || header.Contains("'fortran_order': True"))
            throw new InvalidDataException($"The array '{array}' of {path} is not of type {type} in row-major order.");

        return MemoryMarshal.Cast<byte, T>(file.AsSpan(PreambleLength + headerLength)).ToArray();
    }
}
