using QuantBuild.Numerics;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Numerics;

[TestClass]
public sealed class MatrixProductKernelTests
{
    /// <summary>Around a tile of six rows and around tiles of every width of vectors, and around a block of terms.</summary>
    private static readonly (int Rows, int Depth, int Columns)[] Sizes =
    [
        (1, 1, 1), (5, 3, 4), (6, 8, 8), (7, 9, 15), (12, 16, 16), (13, 17, 31), (3, 255, 32), (2, 256, 33), (6, 257, 64), (19, 600, 65), (0, 3, 2), (3, 0, 2),
    ];

    [TestMethod]
    public void Add_EverySizeAndOrder_HasTheBitsOfTheReference()
    {
        foreach ((int rows, int depth, int columns) in Sizes)
            foreach (bool isLeftTransposed in new[] { false, true })
                foreach (bool isRightTransposed in new[] { false, true })
                {
                    float[] left = SeededValues.Floats("left", -1, 1, rows * depth);
                    float[] right = SeededValues.Floats("right", -1, 1, depth * columns);
                    float[] expected = SeededValues.Floats("sums", -1, 1, rows * columns);
                    float[] actual = [.. expected];

                    MatrixProductKernel.AddScalar(View(left, rows, depth, isLeftTransposed), View(right, depth, columns, isRightTransposed), expected);
                    MatrixProductKernel.Add(View(left, rows, depth, isLeftTransposed), View(right, depth, columns, isRightTransposed), actual);

                    CollectionAssert.AreEqual(expected, actual, $"{rows}, {depth}, {columns}");
                }
    }

    [TestMethod]
    public void Add_SizesDoNotFit_Throws() => Assert.ThrowsExactly<ArgumentException>(() =>
        MatrixProductKernel.Add(MatrixView.Of(new float[6], 2, 3), MatrixView.Of(new float[6], 2, 3), new float[6]));

    private static MatrixView View(float[] values, int rows, int columns, bool isTransposed) =>
        isTransposed ? MatrixView.Of(values, columns, rows).Transposed : MatrixView.Of(values, rows, columns);
}
