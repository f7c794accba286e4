using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class ChannelSumsKernelTests
{
    /// <summary>Runs shorter and longer than sixteen values, stacks and runs longer than one part, and widths around vectors.</summary>
    private static readonly ChannelLayout[] Layouts =
    [
        new(1, 1, 0), new(0, 3, 5), new(1, 1, 1), new(5, 3, 1), new(4097, 16, 1), new(600, 33, 1), new(3, 5, 7), new(4099, 2, 9), new(2, 3, 15),
        new(2, 3, 16), new(4, 2, 49), new(1, 2, 4096), new(2, 1, 4097), new(1, 1, 9000),
    ];

    [TestMethod]
    public void Add_EveryCase_EqualsTheReference()
    {
        foreach (KernelCase test in KernelCases.OfAllValues)
        {
            foreach (ChannelLayout layout in new[] { new ChannelLayout(1, 1, test.Length), new ChannelLayout(1, test.Length, 1), new ChannelLayout(test.Length, 1, 1) })
            {
                ChannelSum[] expected = new ChannelSum[layout.ChannelCount];
                ChannelSum[] actual = new ChannelSum[layout.ChannelCount];
                ChannelSumsKernel.AddScalar(test.Values, expected, layout);
                ChannelSumsKernel.Add(test.Values, actual, layout);

                CollectionAssert.AreEqual(expected, actual, $"{test}, {layout}");
            }
        }
    }

    [TestMethod]
    public void Add_EveryLayout_EqualsTheReferenceAndTheNaiveSum()
    {
        foreach (ChannelLayout layout in Layouts)
        {
            float[] source = Values(layout.BlockCount * layout.InnerSize);
            ChannelSum[] expected = new ChannelSum[layout.ChannelCount];
            ChannelSum[] actual = new ChannelSum[layout.ChannelCount];
            double[] naive = new double[layout.ChannelCount];
            double[] naiveSquares = new double[layout.ChannelCount];
            ChannelSumsKernel.AddScalar(source, expected, layout);
            ChannelSumsKernel.Add(source, actual, layout);
            for (int i = 0; i < source.Length; i++)
            {
                naive[i / layout.InnerSize % layout.ChannelCount] += (double)source[i];
                naiveSquares[i / layout.InnerSize % layout.ChannelCount] += (double)source[i] * (double)source[i];
            }

            CollectionAssert.AreEqual(expected, actual, layout.ToString());
            for (int channel = 0; channel < layout.ChannelCount; channel++)
            {
                // Values are multiples of 1/64 up to 16: sums and squares of them are exact in double.
                Assert.AreEqual(naive[channel], actual[channel].Total, $"{layout}");
                Assert.AreEqual(naiveSquares[channel], actual[channel].TotalOfSquares, $"{layout}");
            }
        }
    }

    [TestMethod]
    public void Add_BatchesInAnyOrder_GivesTheSameSums()
    {
        ChannelLayout layout = new(3, 5, 70);
        float[][] batches =
        [
            .. Enumerable.Range(0, 20).Select(batch => Values(layout.BlockCount * layout.InnerSize)
                .Select((value, i) => MathF.Sin(value * (batch + 1)) * MathF.ScaleB(1, batch)).ToArray()),
        ];
        ChannelSum[] forwards = new ChannelSum[layout.ChannelCount];
        ChannelSum[] backwards = new ChannelSum[layout.ChannelCount];
        ChannelSum[] merged = new ChannelSum[layout.ChannelCount];
        foreach (float[] batch in batches)
            ChannelSumsKernel.Add(batch, forwards, layout);
        foreach (float[] batch in batches.Reverse())
        {
            ChannelSumsKernel.Add(batch, backwards, layout);
            ChannelSum[] alone = new ChannelSum[layout.ChannelCount];
            ChannelSumsKernel.Add(batch, alone, layout);
            for (int channel = 0; channel < merged.Length; channel++)
                merged[channel] = alone[channel] + merged[channel];
        }

        CollectionAssert.AreEqual(forwards, backwards);
        CollectionAssert.AreEqual(forwards, merged);
    }

    [TestMethod]
    public void Sum_OfTooMuch_IsSaturatedInEveryOrder()
    {
        ChannelSum huge = ChannelSum.Of(-1e10, 1e20);
        ChannelSum small = ChannelSum.Of(3, 9);

        Assert.IsFalse(huge.IsSaturated);
        Assert.AreEqual(new ChannelSum(0, Int128.MaxValue), huge + huge);
        Assert.AreEqual((huge + small) + huge, huge + (huge + small));
        Assert.AreEqual(double.PositiveInfinity, (huge + huge + small).TotalOfSquares);
        Assert.IsTrue(ChannelSum.Of(1, 1e21).IsSaturated);
        Assert.IsTrue(ChannelSum.Of(double.NaN, double.NaN).IsSaturated);
        Assert.IsTrue(ChannelSum.Of(double.PositiveInfinity, double.PositiveInfinity).IsSaturated);
    }

    [TestMethod]
    public void Of_NumbersBesideUnits_RoundsHalfToEven()
    {
        double unit = Math.ScaleB(1, -60);

        Assert.AreEqual(new ChannelSum(-2, 2), ChannelSum.Of(-1.5 * unit, 2.5 * unit));
        Assert.AreEqual(new ChannelSum(Int128.One << 66, Int128.One << 126), ChannelSum.Of(64, Math.ScaleB(1, 66)));
    }

    [TestMethod]
    public void Add_LengthsThatDoNotFit_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => ChannelSumsKernel.Add(new float[5], new ChannelSum[2], new ChannelLayout(1, 2, 3)));

    /// <summary>Multiples of 1/64 from −16 to 16.</summary>
    private static float[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => ((i * 7919 % 2048) - 1024) / 64f)];
}
