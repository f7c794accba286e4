using System.IO.Compression;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class IdxTests
{
    private const string Images = "t10k-images-idx3-ubyte";

    private readonly SetFolder set = new() { Model = new ModelBuilder().Input("image", "n,1,2,2", OnnxElementType.UInt8) };

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Read_ImagesAndLabelsBesideThem_PackedOrNot(bool isPacked)
    {
        string end = isPacked ? ".gz" : "";
        set.Write(Images + end, Packed(isPacked, [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]));
        set.Write("t10k-labels-idx1-ubyte" + end, Packed(isPacked, [0, 0, 8, 1, 0, 0, 0, 2, 9, 0]));

        CollectionAssert.AreEqual(new[] { "image[2,1,2,2]:1,2,3,4,5,6,7,8 = 9,0" }, set.Read(Images + end, batch: 2));
        CollectionAssert.AreEqual(new[] { set.PathOf("t10k-labels-idx1-ubyte" + end) }, set.Open(Images + end).FilesBeside.ToArray());
    }

    [TestMethod]
    public void Read_NoLabelsBeside_HasNone()
    {
        set.Write("a.idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]);

        CollectionAssert.AreEqual(new[] { "image[1,1,2,2]:1,2,3,4" }, set.Read("a.idx3-ubyte"));
    }

    [TestMethod]
    public void Read_NumbersOfSeveralBytes_AreTurnedRound()
    {
        set.Model = new ModelBuilder().Input("x", "n,2", OnnxElementType.Int16);
        set.Write("x-idx2-short", [0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0xFF, 0xFE]);

        CollectionAssert.AreEqual(new[] { "x[1,2]:258,-2" }, set.Read("x-idx2-short"));
    }

    [TestMethod]
    public void Read_ImagesForAModelOfFloats_QB4004()
    {
        set.Model = new ModelBuilder().Input("image", "n,1,2,2");
        set.Write(Images, [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]);

        Assert.AreEqual($"QB4004: The array 'image' in '{Images}' holds uint8, but the model's input takes float32.", set.Problem(Images));
    }

    [TestMethod]
    [DataRow(new byte[] { 1, 2, 3, 4, 5 }, "it is not an IDX file: its first bytes are two zeros, a type and the number of axes")]
    [DataRow(new byte[] { 0, 0, 8 }, "it ends early; the file is truncated or damaged")]
    [DataRow(new byte[] { 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9 }, "its header says 14 bytes (shape [1,2], uint8), but the file holds 13")]
    [DataRow(new byte[] { 0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 }, "a sample of shape [4294967295,4294967295,0] is larger than 2147483591 bytes")]
    public void Read_FileThatIsWrong_QB4001(byte[] file, string reason)
    {
        set.Write(Images, file);

        Assert.AreEqual($"QB4001: The data file '{Images}' cannot be read: {reason}", set.Problem(Images));
    }

    [TestMethod]
    public void Read_PackedFileThatEndsEarly_QB4001()
    {
        set.Write(Images + ".gz", Packed(true, [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]));
        Assert.AreEqual($"QB4001: The data file '{Images}.gz' cannot be read: it ends early; the file is truncated or damaged", set.Problem(Images + ".gz"));

        set.Write(Images + ".gz", "not gzip at all");
        StringAssert.StartsWith(set.Problem(Images + ".gz"), $"QB4001: The data file '{Images}.gz' cannot be read: ");
    }

    private static byte[] Packed(bool isPacked, byte[] bytes)
    {
        if (!isPacked)
            return bytes;
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
            gzip.Write(bytes);
        return memory.ToArray();
    }
}
