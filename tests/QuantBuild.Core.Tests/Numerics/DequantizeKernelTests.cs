using System.Runtime.InteropServices;
using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class DequantizeKernelTests
{
    [TestMethod]
    public void Dequantize_EveryLengthScaleAndZeroPoint_EqualsTheReference()
    {
        byte[] codes = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];
        for (int length = 0; length <= 257; length++)
        {
            ReadOnlySpan<byte> source = codes.AsSpan(length % 5, length);
            ReadOnlySpan<sbyte> signed = MemoryMarshal.Cast<byte, sbyte>(source);
            float[] expected = new float[length];
            float[] actual = new float[length];
            foreach ((float scale, int zeroPoint) in KernelCases.Parameters)
            {
                DequantizeKernel.DequantizeScalar(source, expected, scale, (byte)zeroPoint);
                DequantizeKernel.DequantizeFromUInt8(source, actual, scale, (byte)zeroPoint);
                AssertSameBits(expected, actual, $"unsigned, {length} codes, scale {scale}");

                DequantizeKernel.DequantizeScalar(signed, expected, scale, (sbyte)zeroPoint);
                DequantizeKernel.DequantizeFromInt8(signed, actual, scale, (sbyte)zeroPoint);
                AssertSameBits(expected, actual, $"signed, {length} codes, scale {scale}");
            }
        }
    }

    [TestMethod]
    public void Dequantize_KnownCodes_GivesCodeMinusZeroPointTimesScale()
    {
        float[] values = new float[3];

        DequantizeKernel.DequantizeFromUInt8([0, 128, 255], values, 0.5f, 128);
        CollectionAssert.AreEqual(new[] { -64f, 0f, 63.5f }, values);

        DequantizeKernel.DequantizeFromInt8([-128, 0, 127], values, 0.5f, -1);
        CollectionAssert.AreEqual(new[] { -63.5f, 0.5f, 64f }, values);

        DequantizeKernel.DequantizeFromInt32([-3, 0, 16777217], values, [2f, 1f, 1f]);
        CollectionAssert.AreEqual(new[] { -6f, 0f, 16777216f }, values);
    }

    [TestMethod]
    public void DequantizeChannelsFromInt8_EveryAxis_UsesTheScaleOfTheChannel()
    {
        sbyte[] codes = [.. Enumerable.Range(0, 2 * 3 * 70).Select(i => (sbyte)(i * 11))];
        for (int axis = 0; axis < 3; axis++)
        {
            ChannelLayout layout = ChannelLayout.Of([2, 3, 70], axis);
            float[] scales = [.. Enumerable.Range(1, layout.ChannelCount).Select(i => i * 0.17f)];
            float[] actual = new float[codes.Length];
            DequantizeKernel.DequantizeChannelsFromInt8(codes, actual, scales, layout);

            for (int i = 0; i < codes.Length; i++)
            {
                int channel = new[] { i / 210, i / 70 % 3, i % 70 }[axis];
                Assert.AreEqual(codes[i] * scales[channel], actual[i], $"axis {axis}, element {i}");
            }
        }
    }

    private static void AssertSameBits(float[] expected, float[] actual, string test) =>
        Assert.IsTrue(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan())), test);
}
