using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class HistogramKernelTests
{
    [TestMethod]
    public void Count_EveryCase_EqualsTheReference()
    {
        foreach (KernelCase test in KernelCases.OfFiniteValues.Where(test => test.Length > 0))
        {
            FloatRange range = MinMaxKernel.Scan(test.Values);
            HistogramGrid grid = HistogramGrid.Of(range.Minimum, range.Maximum);
            long[] expected = new long[HistogramGrid.BinCount];
            long[] actual = new long[HistogramGrid.BinCount];
            HistogramKernel.CountScalar(test.Values, expected, grid);
            HistogramKernel.Count(test.Values, actual, grid);

            Assert.IsTrue(expected.AsSpan().SequenceEqual(actual), test.ToString());
        }
    }

    [TestMethod]
    public void Count_ManyBlocks_EqualsTheReference()
    {
        float[] values = [.. Enumerable.Range(0, 5001).Select(i => MathF.Sin(i) * 3)];
        HistogramGrid grid = HistogramGrid.Of(-3f, 3f);
        long[] expected = new long[HistogramGrid.BinCount];
        long[] actual = new long[HistogramGrid.BinCount];
        HistogramKernel.CountScalar(values, expected, grid);
        HistogramKernel.Count(values, actual, grid);

        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Count_TinyNegativeBesideHugeValue_LiesBelowZero()
    {
        // The product of −2⁻¹⁴⁹ with the factor of a grid around 10³⁰ falls to −0, whose floor would be bin 0.
        float[] values = [.. Enumerable.Repeat(-float.Epsilon, 63), 1e30f];
        HistogramGrid grid = HistogramGrid.Of(-float.Epsilon, 1e30f);
        long[] counts = new long[HistogramGrid.BinCount];

        HistogramKernel.Count(values, counts, grid);

        Assert.AreEqual(-1L, grid.FirstBin);
        Assert.AreEqual(63L, counts[0]);
        Assert.AreEqual(0L, counts[1]);
    }

    [TestMethod]
    public void Count_ValueOutsideOfTheGrid_IsRefused()
    {
        HistogramGrid grid = HistogramGrid.Of(0f, 1f);
        foreach (float value in new[] { -1f, 3f })
        {
            float[] values = [.. Enumerable.Repeat(value, 16)];
            Assert.ThrowsExactly<IndexOutOfRangeException>(() => HistogramKernel.Count(values, new long[HistogramGrid.BinCount], grid));
        }
    }
}
