using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class StreamingHistogramTests
{
    [TestMethod]
    public void Add_AnyChunksInAnyOrder_GivesTheSameState()
    {
        foreach (KernelCase test in LongCases())
        {
            float[] values = test.Values.ToArray();
            float[] reversed = [.. values.Reverse()];
            StreamingHistogram whole = Of(values);

            AssertSame(whole, Of(reversed), $"{test}, reversed");
            AssertSame(whole, Of([.. values.Order()]), $"{test}, ascending");
            AssertSame(whole, Of([.. values.OrderByDescending(MathF.Abs)]), $"{test}, by magnitude");
            foreach (int chunk in new[] { 1, 2, 7, 64, 200 })
            {
                AssertSame(whole, Of([.. values.Chunk(chunk)]), $"{test}, chunks of {chunk}");
                AssertSame(whole, Of([.. reversed.Chunk(chunk)]), $"{test}, reversed chunks of {chunk}");
            }
        }
    }

    [TestMethod]
    public void Merge_AnyTreeOfParts_GivesTheSameState()
    {
        foreach (KernelCase test in LongCases())
        {
            float[] values = test.Values.ToArray();
            StreamingHistogram whole = Of(values);
            foreach (int chunk in new[] { 1, 5, 100 })
            {
                StreamingHistogram forwards = new();
                StreamingHistogram backwards = new();
                foreach (float[] part in values.Chunk(chunk))
                    forwards.Merge(Of(part));
                foreach (float[] part in values.Chunk(chunk).Reverse())
                    backwards.Merge(Of(part));
                Queue<StreamingHistogram> tree = new(values.Chunk(chunk).Select(part => Of(part)));
                while (tree.Count > 1)
                {
                    StreamingHistogram left = tree.Dequeue();
                    left.Merge(tree.Dequeue());
                    tree.Enqueue(left);
                }

                AssertSame(whole, forwards, $"{test}, parts of {chunk}");
                AssertSame(whole, backwards, $"{test}, parts of {chunk}, backwards");
                AssertSame(whole, tree.Dequeue(), $"{test}, tree of parts of {chunk}");
            }
        }
    }

    [TestMethod]
    public void Add_EveryCase_CountsEachValueInTheBinThatHoldsIt()
    {
        foreach (KernelCase test in LongCases())
        {
            StreamingHistogram histogram = Of(test.Values.ToArray());
            long[] expected = new long[HistogramGrid.BinCount];
            foreach (float value in test.Values)
            {
                int bin = Enumerable.Range(0, HistogramGrid.BinCount).Single(i =>
                    Math.ScaleB((double)(histogram.FirstBin + i), histogram.Exponent) <= value
                    && value < Math.ScaleB((double)(histogram.FirstBin + i + 1), histogram.Exponent));
                expected[bin]++;
            }

            CollectionAssert.AreEqual(expected, histogram.Counts.ToArray(), test.ToString());
            Assert.AreEqual(test.Length, histogram.Total);
            Assert.AreEqual(test.Values.ToArray().Min(), histogram.Minimum);
            Assert.AreEqual(test.Values.ToArray().Max(), histogram.Maximum);
        }
    }

    [TestMethod]
    public void Exponent_KnownRanges_IsTheSmallestThatFits()
    {
        foreach ((float minimum, float maximum, int exponent, long firstBin) in new[]
        {
            (0f, 2047f, 0, 0L),
            (0f, 2048f, 1, 0L),
            (-1f, 2046f, 0, -1L),
            (-1f, 2047f, 1, -1L),
            (0f, 0f, -126, 0L),
            (1f, 1f, -24, 1L << 24),
            (-1f, -1f, -24, -1L << 24),
            (float.MinValue, float.MaxValue, 118, -1024L),
        })
        {
            StreamingHistogram histogram = Of([minimum, maximum]);
            Assert.AreEqual(exponent, histogram.Exponent, $"{minimum} to {maximum}");
            Assert.AreEqual(firstBin, histogram.FirstBin, $"{minimum} to {maximum}");
        }
    }

    [TestMethod]
    public void Add_Nothing_LeavesAnEmptyHistogram()
    {
        StreamingHistogram histogram = Of([]);
        histogram.Merge(new StreamingHistogram());

        Assert.AreEqual(0L, histogram.Total);
        Assert.IsTrue(float.IsPositiveInfinity(histogram.Minimum));
        Assert.IsTrue(histogram.Counts.ToArray().All(count => count == 0));
    }

    [TestMethod]
    public void Add_ValuesThatAreNotFinite_IsRefused()
    {
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            Assert.ThrowsExactly<ArgumentException>(() => new StreamingHistogram().Add([1f, value]));
    }

    [TestMethod]
    public void Add_KnownToTheHistogram_AllocatesNothing()
    {
        float[] values = [.. Enumerable.Range(0, 10_000).Select(i => (float)i)];
        StreamingHistogram histogram = new();
        histogram.Add(values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        histogram.Add(values);

        Assert.AreEqual(0L, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IEnumerable<KernelCase> LongCases() => KernelCases.OfFiniteValues.Where(test => test.Length is 1 or 130 or 257);

    private static StreamingHistogram Of(params float[][] chunks)
    {
        StreamingHistogram histogram = new();
        foreach (float[] chunk in chunks)
            histogram.Add(chunk);
        return histogram;
    }

    private static void AssertSame(StreamingHistogram expected, StreamingHistogram actual, string test)
    {
        Assert.AreEqual(
            (expected.Exponent, expected.FirstBin, expected.Total, expected.Minimum, expected.Maximum),
            (actual.Exponent, actual.FirstBin, actual.Total, actual.Minimum, actual.Maximum),
            test);
        Assert.IsTrue(expected.Counts.SequenceEqual(actual.Counts), test);
    }
}
