using QuantBuild.Reconstruction;

namespace QuantBuild.Core.Tests.Reconstruction.LowBits;

/// <summary>Linear algebra in double precision, as textbooks write it.</summary>
internal static class PlainMatrix
{
    public static double[,] Of(float[] values, int columns)
    {
        var matrix = new double[values.Length / columns, columns];
        for (int i = 0; i < values.Length; i++)
            matrix[i / columns, i % columns] = values[i];
        return matrix;
    }

    /// <summary>Gauss and Jordan.</summary>
    public static double[,] Inverse(double[,] matrix)
    {
        int count = matrix.GetLength(0);
        var left = (double[,])matrix.Clone();
        var inverse = new double[count, count];
        for (int i = 0; i < count; i++)
            inverse[i, i] = 1;
        for (int pivot = 0; pivot < count; pivot++)
        {
            double divisor = left[pivot, pivot];
            for (int column = 0; column < count; column++)
            {
                left[pivot, column] /= divisor;
                inverse[pivot, column] /= divisor;
            }
            for (int row = 0; row < count; row++)
            {
                double factor = row == pivot ? 0 : left[row, pivot];
                for (int column = 0; column < count; column++)
                {
                    left[row, column] -= factor * left[pivot, column];
                    inverse[row, column] -= factor * inverse[pivot, column];
                }
            }
        }
        return inverse;
    }

    /// <summary>The upper triangular U of <c>matrix = Uᵀ·U</c>.</summary>
    public static double[,] UpperCholesky(double[,] matrix)
    {
        int count = matrix.GetLength(0);
        var upper = new double[count, count];
        for (int row = 0; row < count; row++)
            for (int column = row; column < count; column++)
            {
                double sum = matrix[row, column];
                for (int k = 0; k < row; k++)
                    sum -= upper[k, row] * upper[k, column];
                upper[row, column] = row == column ? Math.Sqrt(sum) : sum / upper[row, row];
            }
        return upper;
    }

    /// <summary><c>d·G·d</c></summary>
    public static double ErrorOf(LayerGram gram, double[] differences) => Form(PlainMatrix.Of(gram.Gram, gram.Columns), differences, differences);

    public static double Form(double[,] matrix, double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            for (int j = 0; j < right.Length; j++)
                sum += left[i] * matrix[i, j] * right[j];
        return sum;
    }
}
