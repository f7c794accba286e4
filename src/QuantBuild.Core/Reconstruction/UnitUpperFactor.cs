using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction;

/// <summary>The unit upper triangular U of <c>G = U·D·Uᵀ</c>: Cholesky's factorization from the last column to the first.</summary>
internal static class UnitUpperFactor
{
    /// <summary>A pivot below this part of the largest diagonal element is taken for a rounding error.</summary>
    private const float SmallestPivot = 1e-6f;

    /// <summary>What is added to the diagonal when a pivot is too small, as a part of its mean; then ten times as much, and so on.</summary>
    private const float FirstDamping = 0.01f;

    private const float DampingGrowth = 10;

    /// <summary>By then the diagonal is more than the rest of any matrix of moments.</summary>
    private const int MostTrials = 16;

    /// <returns>[columns, columns]: U above the diagonal, whose ones are left out; from the diagonal down <c>(U·D)ᵀ</c>.</returns>
    public static float[] Of(LayerGram layer, int maximumThreads)
    {
        float mean = layer.Diagonal.Average();
        float damping = 0;
        for (int trial = 0; trial < MostTrials; trial++, damping = damping == 0 ? FirstDamping : damping * DampingGrowth)
        {
            float[] factor = [.. layer.Gram];
            for (int i = 0; i < layer.Columns; i++)
                factor[(i * layer.Columns) + i] += damping * mean;
            if (TryFactor(factor, layer.Columns, maximumThreads))
                return factor;
        }
        return OfDiagonal(layer);
    }

    /// <summary>For what are no moments: every column by itself.</summary>
    private static float[] OfDiagonal(LayerGram layer)
    {
        var factor = new float[layer.Gram.Length];
        for (int i = 0; i < layer.Columns; i++)
            factor[(i * layer.Columns) + i] = layer.Diagonal[i] is > 0 and < float.PositiveInfinity and var own ? own : 1;
        return factor;
    }

    /// <summary>Turns each row r into <c>G⁻¹·r</c>.</summary>
    /// <param name="factor">Of <see cref="Of"/>.</param>
    /// <param name="rows">[any, columns]</param>
    public static void Solve(float[] factor, int columns, Span<float> rows)
    {
        for (int j = columns - 1; j >= 0; j--)
        {
            float pivot = factor[(j * columns) + j];
            for (int row = 0; row < rows.Length; row += columns)
            {
                float value = rows[row + j] / pivot;
                RowSumKernel.Add(factor, columns, [j], [-value], 0, rows.Slice(row, j));
                rows[row + j] = value;
            }
        }
        for (int j = 0; j < columns; j++)
            for (int row = 0; row < rows.Length; row += columns)
                RowSumKernel.Add(factor, columns, [j], [-rows[row + j]], j + 1, rows[(row + j + 1)..(row + columns)]);
    }

    /// <summary>Row k of the lower half becomes that of <c>D·Uᵀ</c>: what is left of G when the rows behind it are taken away. Then it is turned.</summary>
    private static bool TryFactor(float[] matrix, int columns, int maximumThreads)
    {
        float smallest = SmallestPivot * Enumerable.Range(0, columns).Max(i => matrix[(i * columns) + i]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = maximumThreads };
        for (int end = columns; end > 0; end -= RowSumKernel.BlockRows)
        {
            int start = Math.Max(0, end - RowSumKernel.BlockRows);
            for (int row = end - 1; row >= start; row--)
            {
                TakeAway(matrix, columns, row, row + 1, end);
                if (!(matrix[(row * columns) + row] > smallest))
                    return false;
            }
            int last = end;
            if (start > 0)
                Parallel.For(0, start, options, row => TakeAway(matrix, columns, row, start, last));
        }
        for (int row = 0; row < columns; row++)
            for (int column = row + 1; column < columns; column++)
                matrix[(row * columns) + column] = matrix[(column * columns) + row] / matrix[(column * columns) + column];
        return true;
    }

    /// <summary>Takes the finished rows from <paramref name="start"/> on, the last one first, from a row before them.</summary>
    private static void TakeAway(float[] matrix, int columns, int row, int start, int end)
    {
        Span<int> rows = stackalloc int[end - start];
        Span<float> factors = stackalloc float[end - start];
        for (int i = 0; i < rows.Length; i++)
        {
            int finished = end - 1 - i;
            rows[i] = finished;
            factors[i] = -matrix[(finished * columns) + row] / matrix[(finished * columns) + finished];
        }
        RowSumKernel.Add(matrix, columns, rows, factors, 0, matrix.AsSpan(row * columns, row + 1));
    }
}
