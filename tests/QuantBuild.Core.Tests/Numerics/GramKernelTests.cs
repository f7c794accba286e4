using QuantBuild.Numerics;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class GramKernelTests
{
    /// <summary>Columns around the tiles of every width, rows around pairs, blocks (510) and chunks (4080).</summary>
    private static readonly (int Rows, int Columns)[] Shapes =
    [
        (0, 3), (1, 1), (1, 8), (2, 7), (3, 9), (7, 4), (16, 16), (17, 33), (64, 31), (65, 32), (509, 5), (510, 17), (511, 18), (1021, 40),
        (33, 65), (20, 130), (4079, 3), (4080, 9), (4083, 6), (8161, 2), (5, 270),
    ];

    [TestMethod]
    public void Accumulate_EveryShapeAndNumberOfThreads_EqualsTheReference()
    {
        foreach ((int rows, int columns) in Shapes)
        {
            short[] left = Values(rows * columns, 1);
            short[] right = Values(rows * columns, 2);
            long[] expected = StartingSums(columns);
            GramKernel.AccumulateScalar(left, right, rows, columns, expected);
            foreach (int threads in new[] { -1, 1, 3 })
            {
                long[] actual = StartingSums(columns);
                GramKernel.Accumulate(left, right, rows, columns, actual, threads);

                CollectionAssert.AreEqual(expected, actual, $"[{rows}, {columns}], {threads} threads");
            }
        }
    }

    [TestMethod]
    public void AccumulateSymmetric_EveryShapeAndNumberOfThreads_EqualsTheReference()
    {
        foreach ((int rows, int columns) in Shapes)
        {
            short[] values = Values(rows * columns, 3);
            long[] expected = StartingSums(columns);
            GramKernel.AccumulateScalar(values, values, rows, columns, expected);
            foreach (int threads in new[] { -1, 1, 3 })
            {
                long[] actual = StartingSums(columns);
                GramKernel.AccumulateSymmetric(values, rows, columns, actual, threads);

                CollectionAssert.AreEqual(expected, actual, $"[{rows}, {columns}], {threads} threads");
            }
        }
    }

    /// <summary>More multiply-adds than the kernel does in one thread: 2000 · 100² &gt; 2²⁴.</summary>
    [TestMethod]
    public void Accumulate_EnoughWorkForThreads_EqualsTheReference()
    {
        const int Rows = 2000;
        const int Columns = 100;
        short[] left = Values(Rows * Columns, 4);
        short[] right = Values(Rows * Columns, 5);
        long[] expected = new long[Columns * Columns];
        long[] expectedSymmetric = new long[Columns * Columns];
        GramKernel.AccumulateScalar(left, right, Rows, Columns, expected);
        GramKernel.AccumulateScalar(left, left, Rows, Columns, expectedSymmetric);
        foreach (int threads in new[] { -1, 1, 2, 5 })
        {
            long[] actual = new long[Columns * Columns];
            long[] actualSymmetric = new long[Columns * Columns];
            GramKernel.Accumulate(left, right, Rows, Columns, actual, threads);
            GramKernel.AccumulateSymmetric(left, Rows, Columns, actualSymmetric, threads);

            CollectionAssert.AreEqual(expected, actual, $"{threads} threads");
            CollectionAssert.AreEqual(expectedSymmetric, actualSymmetric, $"symmetric, {threads} threads");
        }
    }

    /// <summary>The largest magnitude everywhere fills the 32-bit sums of a block up to the last bit.</summary>
    [TestMethod]
    public void Accumulate_LargestValues_DoesNotOverflow()
    {
        const int Rows = 5000;
        const int Columns = 5;
        foreach (short sign in new short[] { 1, -1 })
        {
            short[] left = [.. Enumerable.Repeat((short)GramKernel.LargestMagnitude, Rows * Columns)];
            short[] right = [.. Enumerable.Repeat((short)(sign * GramKernel.LargestMagnitude), Rows * Columns)];
            long[] sums = new long[Columns * Columns];
            GramKernel.Accumulate(left, right, Rows, Columns, sums);

            CollectionAssert.AreEqual(Enumerable.Repeat(sign * (long)Rows * 2048 * 2048, Columns * Columns).ToArray(), sums);
        }
    }

    [TestMethod]
    public void AccumulateGroups_EveryShapeAndNumberOfThreads_EqualsTheReferenceOfEveryGroup()
    {
        foreach ((int rows, int groups, int columns) in new[] { (1, 1, 9), (7, 5, 9), (600, 3, 25), (513, 2, 1), (40, 4, 49), (10, 0, 9), (3, 2, 4) })
        {
            short[] left = Values(rows * groups * columns, 6);
            short[] right = Values(rows * groups * columns, 7);
            long[] expected = [.. Enumerable.Range(0, groups).SelectMany(group => ReferenceOfGroup(left, right, rows, groups, columns, group))];
            foreach (int threads in new[] { -1, 1, 3 })
            {
                long[] actual = [.. Enumerable.Range(0, groups).SelectMany(_ => StartingSums(columns))];
                GramKernel.AccumulateGroups(left, right, rows, groups, columns, actual, threads);

                CollectionAssert.AreEqual(expected, actual, $"[{rows}, {groups}, {columns}], {threads} threads");
            }
        }
    }

    [TestMethod]
    public void Accumulate_LengthsThatDoNotFit_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => GramKernel.Accumulate(new short[6], new short[5], 2, 3, new long[9]));
        Assert.ThrowsExactly<ArgumentException>(() => GramKernel.AccumulateSymmetric(new short[6], 2, 3, new long[8]));
        Assert.ThrowsExactly<ArgumentException>(() => GramKernel.AccumulateGroups(new short[12], new short[12], 2, 2, 3, new long[9]));
    }

    private static long[] ReferenceOfGroup(short[] left, short[] right, int rows, int groups, int columns, int group)
    {
        long[] sums = StartingSums(columns);
        GramKernel.AccumulateScalar(OfGroup(left), OfGroup(right), rows, columns, sums);
        return sums;

        short[] OfGroup(short[] values) =>
            [.. Enumerable.Range(0, rows).SelectMany(row => values.AsSpan(((row * groups) + group) * columns, columns).ToArray())];
    }

    /// <summary>Symmetric and not zero, so that replacing instead of adding shows.</summary>
    private static long[] StartingSums(int columns) => [.. Enumerable.Range(0, columns * columns).Select(i => (long)(i / columns) * (i % columns))];

    private static short[] Values(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(-GramKernel.LargestMagnitude, GramKernel.LargestMagnitude + 1))];
    }
}
