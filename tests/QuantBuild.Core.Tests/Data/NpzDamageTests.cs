using System.Buffers.Binary;
using System.IO.Compression;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

/// <summary>Archives that lie about themselves: damaged, truncated, encrypted, bombs.</summary>
[TestClass]
public sealed class NpzDamageTests
{
    /// <summary>Offsets in a record of the zip directory (APPNOTE.TXT, section 4.3.12).</summary>
    private const int FlagsOffset = 8;
    private const int CompressedSizeOffset = 20;
    private const int SizeOffset = 24;

    private const int Count = 30;
    private static readonly long[] Values = [.. Enumerable.Range(0, Count).Select(i => (long)i * 31)];
    private readonly TemporaryFolder folder = new();

    private string DataPath => folder.File("data.npz");

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Open_EncryptedEntry_IsRefused()
    {
        PatchDirectory(record => record[FlagsOffset] |= 1);

        StringAssert.Contains(Refusal(), "is encrypted");
    }

    [TestMethod]
    public void Open_SizeThatNoCompressionReaches_IsRefused()
    {
        PatchDirectory(record => BinaryPrimitives.WriteUInt32LittleEndian(record[SizeOffset..], 4_000_000_000));

        StringAssert.Contains(Refusal(), "which no compression reaches");
    }

    [TestMethod]
    public void Open_MorePackedBytesThanTheFileHas_IsRefused()
    {
        PatchDirectory(record => BinaryPrimitives.WriteUInt32LittleEndian(record[CompressedSizeOffset..], 1_000_000_000));

        StringAssert.Contains(Refusal(), "its entries claim more bytes than the file has");
    }

    [TestMethod]
    public void Open_SizeOfDirectoryDiffersFromHeader_IsRefused()
    {
        PatchDirectory(record => BinaryPrimitives.WriteUInt32LittleEndian(record[SizeOffset..], 367));

        StringAssert.Contains(Refusal(), "but the archive holds 367");
    }

    [TestMethod]
    public void TryRead_OneFlippedBitInTheElements_IsFoundByTheChecksum()
    {
        WriteValues(CompressionLevel.NoCompression);
        byte[] bytes = File.ReadAllBytes(DataPath);
        int element = bytes.AsSpan().IndexOf(BitConverter.GetBytes(Values[20]));
        bytes[element] ^= 1;
        File.WriteAllBytes(DataPath, bytes);

        StringAssert.Contains(Refusal(), "its checksum is wrong; the file is damaged");
    }

    [TestMethod]
    public void OpenReader_FileReplacedSinceItWasOpened_IsRefused()
    {
        WriteValues(CompressionLevel.Optimal);
        NpzSampleSource source = NpzSampleSource.Open(DataPath, "data.npz", null);
        NpzWriter.Write(DataPath, NamedArray.Of("x", [Count], Values.Reverse().ToArray()));

        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => source.OpenReader(["x"]));

        StringAssert.Contains(exception.Message, "it has changed while the file was in use");
    }

    [TestMethod]
    [DataRow(CompressionLevel.NoCompression)]
    [DataRow(CompressionLevel.Optimal)]
    public void Read_CutAtEveryLength_IsAlwaysRefused(CompressionLevel compression)
    {
        WriteValues(compression);
        byte[] bytes = File.ReadAllBytes(DataPath);

        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(DataPath, bytes.AsSpan(0, length));
            Assert.IsNotNull(Refusal(), $"cut to {length} bytes");
        }
    }

    [TestMethod]
    [DataRow(CompressionLevel.NoCompression)]
    [DataRow(CompressionLevel.Optimal)]
    public void Read_ABitOfEveryByteChanged_IsRefusedOrGivesTheSameValues(CompressionLevel compression)
    {
        WriteValues(compression);
        byte[] bytes = File.ReadAllBytes(DataPath);

        for (int i = 0; i < bytes.Length; i++)
        {
            byte change = (byte)(1 << (i % 8));
            bytes[i] ^= change;
            File.WriteAllBytes(DataPath, bytes);
            bytes[i] ^= change;
            Refusal();
        }
    }

    /// <returns>The message of QB4001, or null when the values are read as they were written.</returns>
    private string? Refusal()
    {
        try
        {
            NpzSampleSource source = NpzSampleSource.Open(DataPath, "data.npz", null);
            byte[] buffer = new byte[source.Arrays[0].SampleBytes];
            List<byte> read = [];
            using ISampleReader reader = source.OpenReader([source.Arrays[0].Name]);
            while (reader.TryRead([buffer]))
                read.AddRange(buffer);
            CollectionAssert.AreEqual(NamedArray.Of("x", [Count], Values).Bytes, read.ToArray());
            return null;
        }
        catch (QuantBuildException exception)
        {
            Assert.AreEqual("QB4001", exception.Diagnostic.Code);
            return exception.Message;
        }
    }

    private void WriteValues(CompressionLevel compression) => NpzWriter.Write(DataPath, compression, NamedArray.Of("x", [Count], Values));

    private void PatchDirectory(DirectoryPatch patch)
    {
        WriteValues(CompressionLevel.Optimal);
        byte[] bytes = File.ReadAllBytes(DataPath);
        patch(bytes.AsSpan(bytes.AsSpan().LastIndexOf("PK\x01\x02"u8)));
        File.WriteAllBytes(DataPath, bytes);
    }

    private delegate void DirectoryPatch(Span<byte> record);
}
