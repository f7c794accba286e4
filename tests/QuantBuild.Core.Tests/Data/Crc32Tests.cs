using QuantBuild.Data;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class Crc32Tests
{
    [TestMethod]
    [DataRow("", 0u)]
    [DataRow("a", 0xE8B7BE43u)]
    [DataRow("123456789", 0xCBF43926u)]
    [DataRow("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Value_PublishedExamples_Agree(string text, uint expected)
    {
        Crc32 checksum = default;
        checksum.Append(System.Text.Encoding.ASCII.GetBytes(text));

        Assert.AreEqual(expected, checksum.Value);
    }

    [TestMethod]
    public void Append_InPieces_EqualsAppendAtOnce()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * i))];
        Crc32 whole = default;
        whole.Append(bytes);

        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Crc32 pieces = default;
            pieces.Append(bytes.AsSpan(0, cut));
            pieces.Append(bytes.AsSpan(cut));
            Assert.AreEqual(whole.Value, pieces.Value, $"cut at {cut}");
        }
    }
}
