using System.Runtime.InteropServices;
using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class QuantizeKernelTests
{
    private static readonly CodeRange[] SignedRanges = [CodeRange.Int8, CodeRange.Int8Narrow, CodeRange.Int8SevenBits];

    [TestMethod]
    public void QuantizeToUInt8_EveryCase_EqualsTheReference()
    {
        foreach (KernelCase test in KernelCases.OfAllValues)
        {
            foreach ((float scale, int zeroPoint) in KernelCases.Parameters)
            {
                int unsignedZeroPoint = (byte)zeroPoint;
                byte[] expected = new byte[test.Length];
                byte[] actual = new byte[test.Length];
                QuantizeKernel.QuantizeScalar(test.Values, expected, scale, unsignedZeroPoint, CodeRange.UInt8);
                QuantizeKernel.QuantizeToUInt8(test.Values, actual, scale, unsignedZeroPoint, CodeRange.UInt8);
                Assert.IsTrue(expected.AsSpan().SequenceEqual(actual), $"{test}, scale {scale}, zero point {unsignedZeroPoint}");
            }
        }
    }

    [TestMethod]
    public void QuantizeToInt8_EveryCase_EqualsTheReference()
    {
        foreach (KernelCase test in KernelCases.OfAllValues)
        {
            CodeRange codes = SignedRanges[test.Length % SignedRanges.Length];
            foreach ((float scale, int anyZeroPoint) in KernelCases.Parameters)
            {
                int zeroPoint = Math.Clamp(anyZeroPoint, codes.Minimum, codes.Maximum);
                sbyte[] expected = new sbyte[test.Length];
                sbyte[] actual = new sbyte[test.Length];
                QuantizeKernel.QuantizeScalar(test.Values, MemoryMarshal.AsBytes(expected.AsSpan()), scale, zeroPoint, codes);
                QuantizeKernel.QuantizeToInt8(test.Values, actual, scale, zeroPoint, codes);
                Assert.IsTrue(expected.AsSpan().SequenceEqual(actual), $"{test}, scale {scale}, zero point {zeroPoint}, {codes}");
                Assert.IsTrue(actual.All(code => code >= codes.Minimum && code <= codes.Maximum), $"{test}, {codes}");
            }
        }
    }

    [TestMethod]
    public void QuantizeToUInt8_KnownValues_GivesWhatOnnxDefines()
    {
        // Ties go to even, values beyond the codes saturate, NaN becomes the smallest code.
        float[] source =
            [0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -0f, 127.5f, 128f, 1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        byte[] expected = [128, 130, 130, 128, 126, 128, 255, 255, 255, 0, 255, 0, 0];
        foreach (int repetitions in new[] { 1, 20 })
        {
            float[] repeated = [.. Enumerable.Repeat(source, repetitions).SelectMany(values => values)];
            byte[] actual = new byte[repeated.Length];
            QuantizeKernel.QuantizeToUInt8(repeated, actual, 1f, 128, CodeRange.UInt8);
            CollectionAssert.AreEqual(Enumerable.Repeat(expected, repetitions).SelectMany(codes => codes).ToArray(), actual);
        }
    }

    [TestMethod]
    public void QuantizeToUInt8_QuotientWhereAReciprocalWouldRoundOtherwise_Divides()
    {
        // 5.6875 / 0.875 is 6.5 exactly, and even is 6; the product with the rounded reciprocal is 6.5000005, which would give 7.
        float[] source = [.. Enumerable.Repeat(5.6875f, 70)];
        byte[] codes = new byte[70];

        QuantizeKernel.QuantizeToUInt8(source, codes, 0.875f, 0, CodeRange.UInt8);

        Assert.IsTrue(codes.All(code => code == 6));
    }

    [TestMethod]
    public void QuantizeChannelsToInt8_EveryAxis_UsesTheScaleOfTheChannel()
    {
        float[] source = [.. Enumerable.Range(0, 2 * 3 * 70).Select(i => (i - 200) * 0.3f)];
        long[] shape = [2, 3, 70];
        for (int axis = 0; axis < 3; axis++)
        {
            ChannelLayout layout = ChannelLayout.Of(shape, axis);
            float[] scales = [.. Enumerable.Range(1, layout.ChannelCount).Select(i => i * 0.17f)];
            sbyte[] actual = new sbyte[source.Length];
            QuantizeKernel.QuantizeChannelsToInt8(source, actual, scales, CodeRange.Int8Narrow, layout);

            for (int i = 0; i < source.Length; i++)
            {
                int channel = new[] { i / 210, i / 70 % 3, i % 70 }[axis];
                float expected = Math.Clamp(MathF.Round(source[i] / scales[channel]), -127, 127);
                Assert.AreEqual((sbyte)expected, actual[i], $"axis {axis}, element {i}");
            }
        }
    }

    [TestMethod]
    public void QuantizeChannelsToInt8_AxisOfLengthOne_EqualsPerTensor()
    {
        foreach (KernelCase test in KernelCases.OfAllValues.Where(test => test.Length > 0))
        {
            sbyte[] expected = new sbyte[test.Length];
            sbyte[] actual = new sbyte[test.Length];
            QuantizeKernel.QuantizeToInt8(test.Values, expected, 0.3f, 0, CodeRange.Int8);
            QuantizeKernel.QuantizeChannelsToInt8(test.Values, actual, [0.3f], CodeRange.Int8, ChannelLayout.Of([1, test.Length], 0));
            CollectionAssert.AreEqual(expected, actual, test.ToString());
        }
    }

    [TestMethod]
    public void QuantizeToInt32_Extremes_SaturateAndRoundToEven()
    {
        float[] source = [0f, 0.5f, 1.5f, -2.5f, 16777216f, 1e20f, -1e20f, 2147483648f];
        double[] scales = [1, 1, 1, 1, 1.0 / 64, 1, 1, 1];
        int[] codes = new int[source.Length];

        QuantizeKernel.QuantizeToInt32(source, codes, scales);

        CollectionAssert.AreEqual(new[] { 0, 0, 2, -2, 1073741824, int.MaxValue, int.MinValue, int.MaxValue }, codes);
    }

    [TestMethod]
    public void QuantizeToUInt8_DestinationOfAnotherLength_IsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => QuantizeKernel.QuantizeToUInt8(new float[3], new byte[4], 1f, 0, CodeRange.UInt8));

    [TestMethod]
    public void QuantizeChannelsToInt8_WrongNumberOfScales_IsRefused() =>
        Assert.ThrowsExactly<ArgumentException>(
            () => QuantizeKernel.QuantizeChannelsToInt8(new float[6], new sbyte[6], [1f, 1f], CodeRange.Int8, new ChannelLayout(1, 3, 2)));
}
