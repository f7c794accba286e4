using System.IO.Compression;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class PackedModelFileTests
{
    [TestMethod]
    public void Pack_ModelFiles_ComeBackAndAreTheSameEveryTime()
    {
        foreach (byte[] file in new[] { TestModels.Digits(), [], [1, 2, 3], Noise(3_000_000) })
        {
            byte[] packed = Pack(file);

            CollectionAssert.AreEqual(packed, Pack(file));
            using var unpacked = new MemoryStream();
            using (var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress))
                brotli.CopyTo(unpacked);
            CollectionAssert.AreEqual(file, unpacked.ToArray());
        }
    }

    [TestMethod]
    public void Pack_CodesThatAreNotEvenlyUsed_ComeNearTheirEntropy()
    {
        byte[] codes = [.. SeededValues.Floats("packed", 0, 1, 300_000).Select(value => (byte)(value * value * 60))];

        double ratio = Pack(codes).Length / CodeEntropy.BytesOf(codes);

        Assert.IsTrue(ratio is > 0.99 and < 1.03, $"{ratio}");
    }

    [TestMethod]
    public void SizeOf_Image_IsThatOfThePackedFile()
    {
        byte[] digits = TestModels.Digits();

        Assert.AreEqual(Pack(digits).LongLength, PackedModelFile.SizeOf(digits));
    }

    private static byte[] Pack(byte[] file)
    {
        using var packed = new MemoryStream();
        PackedModelFile.Pack(new MemoryStream(file), packed);
        return packed.ToArray();
    }

    private static byte[] Noise(int count) => [.. SeededValues.Integers("noise", 0, 256, count).Select(value => (byte)value)];
}
