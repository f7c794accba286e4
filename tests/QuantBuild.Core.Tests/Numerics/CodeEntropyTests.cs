using QuantBuild.Numerics;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class CodeEntropyTests
{
    private const double Rounding = 1e-9;

    [TestMethod]
    [DataRow(new byte[0], 0.0)]
    [DataRow(new byte[] { 7, 7, 7, 7 }, 0.0)]
    [DataRow(new byte[] { 0, 1, 0, 1, 0, 1, 0, 1 }, 1.0)]
    [DataRow(new byte[] { 0, 0, 1, 2 }, 0.75)]
    public void BytesOf_FewCodes_AreShannonsNumber(byte[] codes, double bytes) => Assert.AreEqual(bytes, CodeEntropy.BytesOf(codes), Rounding);

    [TestMethod]
    public void BitsPerCode_EqualCounts_AreTheLogarithmOfTheirNumber()
    {
        for (int bits = 1; bits <= 8; bits++)
            Assert.AreEqual(bits, CodeEntropy.BitsPerCode([.. Enumerable.Repeat(5L, 1 << bits)]), Rounding);
    }

    /// <summary>No code of single symbols is shorter, and a Huffman code is less than a bit per code longer.</summary>
    [TestMethod]
    public void BytesOf_ManyCodes_BoundsAHuffmanCode()
    {
        byte[] codes = [.. SeededValues.Floats("codes", 0, 1, 20_000).Select(value => (byte)(value * value * value * 40))];
        var queue = new PriorityQueue<long, long>(CodeEntropy.CountsOf(codes).Where(count => count > 0).Select(count => (count, count)));
        long huffmanBits = 0;
        while (queue.Count > 1)
        {
            long joined = queue.Dequeue() + queue.Dequeue();
            huffmanBits += joined;
            queue.Enqueue(joined, joined);
        }

        double bits = CodeEntropy.BytesOf(codes) * 8;

        Assert.IsTrue(bits <= huffmanBits && huffmanBits < bits + codes.Length, $"{bits} bits, Huffman {huffmanBits}");
    }
}
