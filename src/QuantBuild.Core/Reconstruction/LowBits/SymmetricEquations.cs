namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Linear equations with a symmetric, positive definite matrix, by Cholesky's factorization.</summary>
internal static class SymmetricEquations
{
    /// <param name="matrix">[count, count], its lower half; changed.</param>
    /// <param name="values">The right side; becomes the solution.</param>
    /// <returns>False when the matrix is not positive definite.</returns>
    public static bool TrySolve(double[] matrix, double[] values)
    {
        int count = values.Length;
        for (int row = 0; row < count; row++)
            for (int column = 0; column <= row; column++)
            {
                double sum = matrix[(row * count) + column];
                for (int k = 0; k < column; k++)
                    sum -= matrix[(row * count) + k] * matrix[(column * count) + k];
                if (column < row)
                    matrix[(row * count) + column] = sum / matrix[(column * count) + column];
                else if (sum > 0)
                    matrix[(row * count) + row] = Math.Sqrt(sum);
                else
                    return false;
            }
        for (int row = 0; row < count; row++)
        {
            for (int k = 0; k < row; k++)
                values[row] -= matrix[(row * count) + k] * values[k];
            values[row] /= matrix[(row * count) + row];
        }
        for (int row = count - 1; row >= 0; row--)
        {
            for (int k = row + 1; k < count; k++)
                values[row] -= matrix[(k * count) + row] * values[k];
            values[row] /= matrix[(row * count) + row];
        }
        return true;
    }
}
