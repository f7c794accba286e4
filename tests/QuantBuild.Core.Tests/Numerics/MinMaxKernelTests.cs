using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class MinMaxKernelTests
{
    [TestMethod]
    public void Scan_EveryCase_EqualsTheReference()
    {
        foreach (KernelCase test in KernelCases.OfAllValues)
        {
            FloatRange expected = MinMaxKernel.ScanScalar(test.Values);
            FloatRange actual = MinMaxKernel.Scan(test.Values);

            AssertSameBits(expected, actual, test.ToString());
        }
    }

    [TestMethod]
    public void Scan_ValueAtEveryPosition_IsFound()
    {
        float[] values = new float[200];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = -3f;
            Assert.AreEqual(new FloatRange(-3f, 0f, false), MinMaxKernel.Scan(values));
            values[i] = 3f;
            Assert.AreEqual(new FloatRange(0f, 3f, false), MinMaxKernel.Scan(values));
            values[i] = float.NaN;
            Assert.AreEqual(new FloatRange(0f, 0f, true), MinMaxKernel.Scan(values));
            values[i] = 0f;
        }
    }

    [TestMethod]
    public void Scan_Nothing_IsEmpty()
    {
        Assert.IsTrue(MinMaxKernel.Scan([]).IsEmpty);
        Assert.IsTrue(MinMaxKernel.Scan([float.NaN, float.NaN]).IsEmpty);
        Assert.IsFalse(MinMaxKernel.Scan([0f]).IsEmpty);
    }

    [TestMethod]
    public void Scan_Infinities_AreReportedApartFromNaN()
    {
        Assert.IsFalse(MinMaxKernel.Scan([]).HasInfinity);
        Assert.IsFalse(MinMaxKernel.Scan([float.NaN]).HasInfinity);
        Assert.IsFalse(MinMaxKernel.Scan([float.MaxValue]).HasInfinity);
        Assert.IsTrue(MinMaxKernel.Scan([1f, float.PositiveInfinity]).HasInfinity);
        Assert.IsTrue(MinMaxKernel.Scan([1f, float.NegativeInfinity, float.NaN]).HasInfinity);
        Assert.IsFalse(MinMaxKernel.Scan([1f, float.NegativeInfinity, float.PositiveInfinity]).HasNaN);
    }

    [TestMethod]
    public void Scan_NegativeZero_GivesPositiveZero()
    {
        foreach (int length in new[] { 1, 100 })
        {
            float[] values = new float[length];
            values.AsSpan().Fill(-0f);
            Assert.IsFalse(float.IsNegative(MinMaxKernel.Scan(values).Minimum));
            Assert.IsFalse(float.IsNegative(MinMaxKernel.Scan(values).Maximum));
        }
    }

    [TestMethod]
    public void ScanChannels_EveryAxis_GivesTheRangeOfEachChannel()
    {
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        foreach ((int axis, FloatRange[] expected) in new (int, FloatRange[])[]
        {
            (0, [new(0, 11, false), new(12, 23, false)]),
            (1, [new(0, 15, false), new(4, 19, false), new(8, 23, false)]),
            (2, [new(0, 20, false), new(1, 21, false), new(2, 22, false), new(3, 23, false)]),
        })
        {
            ChannelLayout layout = ChannelLayout.Of([2, 3, 4], axis);
            FloatRange[] actual = new FloatRange[layout.ChannelCount];
            MinMaxKernel.ScanChannels(values, actual, layout);
            CollectionAssert.AreEqual(expected, actual, $"axis {axis}");
        }
    }

    private static void AssertSameBits(FloatRange expected, FloatRange actual, string test)
    {
        Assert.AreEqual(expected.HasNaN, actual.HasNaN, test);
        Assert.AreEqual(BitConverter.SingleToInt32Bits(expected.Minimum), BitConverter.SingleToInt32Bits(actual.Minimum), test);
        Assert.AreEqual(BitConverter.SingleToInt32Bits(expected.Maximum), BitConverter.SingleToInt32Bits(actual.Maximum), test);
    }
}
