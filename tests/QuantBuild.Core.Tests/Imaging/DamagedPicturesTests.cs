using System.Buffers.Binary;
using System.Diagnostics;
using QuantBuild.Imaging;

namespace QuantBuild.Core.Tests.Imaging;

/// <summary>Damaged files give a picture or a clear message, in a short time and with little memory.</summary>
[TestClass]
public sealed class DamagedPicturesTests
{
    private const int MutationsPerPicture = 120;

    private static readonly TimeSpan longest = TimeSpan.FromSeconds(5);

    public static IEnumerable<object[]> Pictures =>
        from folder in new[] { "jpeg", "png", "bmp", "refused" }
        from name in Asset.PicturesOf(folder)
        select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Pictures))]
    public void Decode_MutatedFile_GivesPictureOrMessage(string name)
    {
        byte[] valid = Asset.Read(name);
        Random random = new(1);
        for (int mutation = 0; mutation < MutationsPerPicture; mutation++)
        {
            byte[] file = [.. valid];
            for (int change = 0; change < 1 + (mutation % 4); change++)
                file[random.Next(2, file.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
            if (name.StartsWith("png", StringComparison.Ordinal))
                RepairChecksums(file);
            AssertBounded(mutation % 5 == 4 ? file[..random.Next(file.Length)] : file, $"{name}, mutation {mutation}");
        }
    }

    [TestMethod]
    [DataRow("png/rgb8.png")]
    [DataRow("jpeg/420.jpg")]
    [DataRow("jpeg/420-progressive.jpg")]
    [DataRow("bmp/rgb24.bmp")]
    public void Decode_TruncatedFile_SaysSo(string name)
    {
        byte[] valid = Asset.Read(name);
        for (int length = 3; length < valid.Length - 20; length += 7)
            Assert.ThrowsExactly<InvalidDataException>(() => ImageFormats.Decode(valid[..length]), $"{length} bytes of {name}");
    }

    [TestMethod]
    public void Decode_PngOfHugeSize_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = Asset.Read("png/grey8.png");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 8000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 8000);
        RepairChecksums(file);
        AssertTakesLittle(file, "less data than its size demands");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), int.MaxValue);
        RepairChecksums(file);
        AssertTakesLittle(file, "at most 67108864 are read");
    }

    [TestMethod]
    [DataRow("jpeg/420.jpg", 0xC0)]
    [DataRow("jpeg/420-progressive.jpg", 0xC2)]
    public void Decode_JpegOfHugeSize_IsRefusedBeforeMemoryIsTaken(string name, int frameMarker)
    {
        byte[] file = Asset.Read(name);
        int frame = file.AsSpan().IndexOf([(byte)0xFF, (byte)frameMarker]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 8000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 8000);
        AssertTakesLittle(file, "less data than its size demands");
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 65535);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 65535);
        AssertTakesLittle(file, "at most 67108864 are read");
    }

    private static void AssertTakesLittle(byte[] file, string reason)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => ImageFormats.Decode(file));
        StringAssert.Contains(exception.Message, reason);
        Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertBounded(byte[] file, string what)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            ImageFormats.Measure(file);
            PixelImage image = ImageFormats.Decode(file);
            Assert.AreEqual(image.Width * image.Height * image.Channels, image.Pixels.Length, what);
        }
        catch (InvalidDataException exception)
        {
            Assert.IsGreaterThan(10, exception.Message.Length, what);
        }
        catch (Exception exception) when (exception is not UnitTestAssertException)
        {
            Assert.Fail($"{what}: {exception}");
        }
        Assert.IsLessThan(longest, Stopwatch.GetElapsedTime(start), what);
    }

    /// <summary>So that damage gets past the checksums of a PNG file.</summary>
    private static void RepairChecksums(byte[] file)
    {
        for (int position = 8; position + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position));
            if (length > file.Length - position - 12)
                return;
            uint crc = uint.MaxValue;
            foreach (byte value in file.AsSpan(position + 4, (int)length + 4))
            {
                crc ^= value;
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(position + 8 + (int)length), ~crc);
            position += 12 + (int)length;
        }
    }
}
