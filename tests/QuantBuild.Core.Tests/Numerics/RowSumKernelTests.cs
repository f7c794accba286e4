using QuantBuild.Numerics;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class RowSumKernelTests
{
    /// <summary>Around one vector and around a strip of eight, at every width.</summary>
    private static readonly int[] ColumnCounts = [1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129, 300];

    [TestMethod]
    public void Add_EveryLengthAndOffset_HasTheBitsOfTheReference()
    {
        foreach (int columns in ColumnCounts)
            foreach (int first in new[] { 0, columns / 3, columns })
            {
                float[] matrix = Values("matrix", 5 * columns);
                int[] rows = [4, 0, 2, 2];
                float[] factors = Values("factors", rows.Length);
                float[] expected = Values("sums", columns - first);
                float[] actual = [.. expected];

                RowSumKernel.AddScalar(matrix, columns, rows, factors, first, expected);
                RowSumKernel.Add(matrix, columns, rows, factors, first, actual);

                CollectionAssert.AreEqual(expected, actual, $"{columns} columns from {first}");
            }
    }

    [TestMethod]
    public void Add_NoRows_ChangesNothing()
    {
        float[] sums = [1, 2];

        RowSumKernel.Add([3, 4], 2, [], [], 0, sums);

        CollectionAssert.AreEqual(new float[] { 1, 2 }, sums);
    }

    [TestMethod]
    public void AddProduct_SeveralBlocks_AddsEveryRowInItsOrder()
    {
        foreach ((int channels, int rows, int columns) in new[] { (1, 1, 1), (3, 63, 20), (2, 64, 7), (4, 65, 64), (5, 200, 33), (0, 9, 3) })
        {
            float[] matrix = Values("matrix", rows * columns);
            float[] factors = Values("factors", channels * rows);
            for (int i = 0; i < factors.Length; i += 3)
                factors[i] = 0;
            float[] expected = Values("sums", channels * columns);
            float[] actual = [.. expected];
            for (int channel = 0; channel < channels; channel++)
                RowSumKernel.AddScalar(
                    matrix, columns, [.. Enumerable.Range(0, rows)], factors.AsSpan(channel * rows, rows), 0, expected.AsSpan(channel * columns, columns));

            RowSumKernel.AddProduct(matrix, columns, factors, actual);

            CollectionAssert.AreEqual(expected, actual, $"{channels}, {rows}, {columns}");
        }
    }

    [TestMethod]
    public void AddProduct_PartOfMatrix_HasTheBitsOfTheReference()
    {
        const int Rows = 150;
        const int Columns = 300;
        float[] matrix = Values("matrix", Rows * Columns);
        foreach (int channels in new[] { 1, 3, 4, 9 })
            foreach (MatrixPart part in new MatrixPart[] { new(0, 150, 0, 300), new(3, 64, 17, 33), new(50, 100, 299, 1), new(149, 1, 100, 131), new(7, 70, 0, 64) })
            {
                int stride = part.Columns + 5;
                float[] factors = Values("factors", channels * part.Rows);
                float[] expected = Values("sums", (channels * stride) - 5);
                float[] actual = [.. expected];
                int[] rows = [.. Enumerable.Range(part.FirstRow, part.Rows)];
                for (int channel = 0; channel < channels; channel++)
                    RowSumKernel.AddScalar(
                        matrix, Columns, rows, factors.AsSpan(channel * part.Rows, part.Rows), part.FirstColumn, expected.AsSpan(channel * stride, part.Columns));

                RowSumKernel.AddProduct(matrix, Columns, part, factors, actual, stride);

                CollectionAssert.AreEqual(expected, actual, $"{channels} channels, {part}");
            }
    }

    [TestMethod]
    public void Add_WhatDoesNotFit_Throws()
    {
        foreach (MatrixPart part in new MatrixPart[] { new(0, 3, 0, 3), new(0, 2, 1, 3), new(-1, 2, 0, 3), new(0, 2, 0, 3) })
            Assert.ThrowsExactly<ArgumentException>(
                () => RowSumKernel.AddProduct(new float[6], 3, part, new float[4], new float[5], 3), $"{part}");
        Assert.ThrowsExactly<ArgumentException>(() => RowSumKernel.Add(new float[6], 3, [0], [1, 2], 0, new float[3]));
        Assert.ThrowsExactly<ArgumentException>(() => RowSumKernel.Add(new float[6], 3, [0], [1], 1, new float[3]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RowSumKernel.Add(new float[6], 3, [2], [1], 0, new float[3]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RowSumKernel.Add(new float[6], 3, [-1], [1], 0, new float[3]));
        Assert.ThrowsExactly<ArgumentException>(() => RowSumKernel.AddProduct(new float[6], 3, new float[5], new float[6]));
    }

    private static float[] Values(string name, int count) => SeededValues.Floats(name, -1, 1, Math.Max(1, count))[..count];
}
