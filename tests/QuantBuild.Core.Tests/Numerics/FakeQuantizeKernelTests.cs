using System.Runtime.InteropServices;
using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class FakeQuantizeKernelTests
{
    [TestMethod]
    public void FakeQuantize_EveryCase_EqualsQuantizeThenDequantize()
    {
        foreach (KernelCase test in KernelCases.OfAllValues)
        {
            foreach ((float scale, int zeroPoint) in KernelCases.Parameters)
            {
                byte[] codes = new byte[test.Length];
                float[] expected = new float[test.Length];
                float[] reference = new float[test.Length];
                float[] actual = new float[test.Length];
                QuantizeKernel.QuantizeScalar(test.Values, codes, scale, (byte)zeroPoint, CodeRange.UInt8);
                DequantizeKernel.DequantizeScalar(codes, expected, scale, (byte)zeroPoint);
                FakeQuantizeKernel.FakeQuantizeScalar(test.Values, reference, scale, (byte)zeroPoint, CodeRange.UInt8);
                FakeQuantizeKernel.FakeQuantize(test.Values, actual, scale, (byte)zeroPoint, CodeRange.UInt8);

                AssertSameBits(expected, reference, $"reference: {test}, scale {scale}");
                AssertSameBits(expected, actual, $"{test}, scale {scale}");
            }
        }
    }

    [TestMethod]
    public void FakeQuantize_InPlace_EqualsFakeQuantizeElsewhere()
    {
        foreach (KernelCase test in KernelCases.OfAllValues)
        {
            float[] expected = new float[test.Length];
            float[] inPlace = test.Values.ToArray();
            FakeQuantizeKernel.FakeQuantize(test.Values, expected, 0.07f, -3, CodeRange.Int8);
            FakeQuantizeKernel.FakeQuantize(inPlace, inPlace, 0.07f, -3, CodeRange.Int8);

            AssertSameBits(expected, inPlace, test.ToString());
        }
    }

    [TestMethod]
    public void FakeQuantizeChannels_EveryAxis_EqualsQuantizeThenDequantize()
    {
        float[] source = [.. Enumerable.Range(0, 2 * 3 * 70).Select(i => (i - 200) * 0.3f)];
        for (int axis = 0; axis < 3; axis++)
        {
            ChannelLayout layout = ChannelLayout.Of([2, 3, 70], axis);
            float[] scales = [.. Enumerable.Range(1, layout.ChannelCount).Select(i => i * 0.17f)];
            sbyte[] codes = new sbyte[source.Length];
            float[] expected = new float[source.Length];
            float[] actual = new float[source.Length];
            QuantizeKernel.QuantizeChannelsToInt8(source, codes, scales, CodeRange.Int8SevenBits, layout);
            DequantizeKernel.DequantizeChannelsFromInt8(codes, expected, scales, layout);
            FakeQuantizeKernel.FakeQuantizeChannels(source, actual, scales, CodeRange.Int8SevenBits, layout);

            AssertSameBits(expected, actual, $"axis {axis}");
        }
    }

    private static void AssertSameBits(float[] expected, float[] actual, string test) =>
        Assert.IsTrue(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan())), test);
}
