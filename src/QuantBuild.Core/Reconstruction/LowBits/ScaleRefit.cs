using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The scales of all blocks of a channel together, of the smallest error for the codes that it has.</summary>
/// <remarks>
/// With t the levels of a block, 0 elsewhere, the error is least where <c>Σ_b' (t_b·G·t_b') δ_b' = −t_b·g</c> for the changes δ of the
/// scales and half
/// the gradient g of <see cref="LayerError"/>.
/// </remarks>
internal static class ScaleRefit
{
    /// <summary>Added to the diagonal of the equations, as a part of it, so that blocks that go together cannot run away from each
    /// other.</summary>
    private const double Ridge = 1e-6;

    /// <summary>Changes scales where the error of the channel falls; codes stay.</summary>
    public static void Fit(LayerGram gram, LowBitLayer layer, int maximumThreads = -1) =>
        ChannelTiles.ForEach(layer.Channels, maximumThreads, (first, end) => FitTile(gram, layer, first, end));

    private static void FitTile(LayerGram gram, LowBitLayer layer, int first, int end)
    {
        int columns = layer.Columns;
        int blocks = layer.Grid.BlocksPerChannel;
        float[] gradient = LayerError.GradientOf(gram, layer, first, end);
        double[][] equations = [.. Enumerable.Range(first, end - first).Select(_ => new double[blocks * blocks])];
        float[] levels = LevelsOf(layer, first, end);
        for (int block = 0; block < blocks; block++)
        {
            int start = block * layer.Grid.BlockColumns;
            int length = Math.Min(layer.Grid.BlockColumns, columns - start);
            var factors = new float[equations.Length * length];
            var products = new float[equations.Length * (columns - start)];
            for (int i = 0; i < equations.Length; i++)
                levels.AsSpan((i * columns) + start, length).CopyTo(factors.AsSpan(i * length));
            RowSumKernel.AddProduct(
                gram.Gram, columns, new MatrixPart(start, length, start, columns - start), factors, products, columns - start);
            for (int i = 0; i < equations.Length; i++)
                AddColumn(
                    equations[i], block, blocks, layer.Grid.BlockColumns,
                    products.AsSpan(i * (columns - start), columns - start), levels.AsSpan((i * columns) + start, columns - start));
        }
        for (int i = 0; i < equations.Length; i++)
        {
            var slopes = new double[blocks];
            for (int column = 0; column < columns; column++)
                slopes[column / layer.Grid.BlockColumns] += (double)gradient[(i * columns) + column] * levels[(i * columns) + column];
            Apply(layer, first + i, equations[i], slopes);
        }
    }

    /// <summary>Sums of <c>product · level</c> over each block from this one on; four whole blocks at a time, which do not wait for each other.</summary>
    private static void AddColumn(double[] equations, int block, int blocks, int blockColumns, ReadOnlySpan<float> products, ReadOnlySpan<float> levels)
    {
        int row = block;
        for (; products.Length >= 4 * blockColumns; row += 4)
        {
            (double first, double second, double third, double fourth) = (0, 0, 0, 0);
            for (int i = 0, j = blockColumns, k = 2 * blockColumns, l = 3 * blockColumns; i < blockColumns; i++, j++, k++, l++)
            {
                first += (double)products[i] * levels[i];
                second += (double)products[j] * levels[j];
                third += (double)products[k] * levels[k];
                fourth += (double)products[l] * levels[l];
            }
            equations[(row * blocks) + block] += first;
            equations[((row + 1) * blocks) + block] += second;
            equations[((row + 2) * blocks) + block] += third;
            equations[((row + 3) * blocks) + block] += fourth;
            products = products[(4 * blockColumns)..];
            levels = levels[(4 * blockColumns)..];
        }
        for (int i = 0; i < products.Length; i++)
            equations[((row + (i / blockColumns)) * blocks) + block] += (double)products[i] * levels[i];
    }

    /// <param name="equations">The lower half of a symmetric matrix; changed.</param>
    private static void Apply(LowBitLayer layer, int channel, double[] equations, double[] slopes)
    {
        int blocks = slopes.Length;
        double[] matrix = [.. equations];
        for (int block = 0; block < blocks; block++)
        {
            double diagonal = matrix[(block * blocks) + block];
            matrix[(block * blocks) + block] = diagonal > 0 ? diagonal * (1 + Ridge) : 1;
        }
        double[] changes = [.. slopes.Select(slope => -slope)];
        if (!SymmetricEquations.TrySolve(matrix, changes))
            return;
        Span<float> scales = layer.Grid.Scales.AsSpan(layer.Grid.BlockOf(channel, 0), blocks);
        float[] fitted = new float[blocks];
        for (int block = 0; block < blocks; block++)
        {
            fitted[block] = (float)(scales[block] + changes[block]);
            if (!BlockWeights.IsScale(fitted[block]))
                fitted[block] = scales[block];
            changes[block] = (double)fitted[block] - scales[block];
        }
        if (ChangeOfError(equations, slopes, changes) < 0)
            fitted.CopyTo(scales);
    }

    private static double ChangeOfError(double[] equations, double[] slopes, double[] changes)
    {
        int blocks = slopes.Length;
        double error = 0;
        for (int row = 0; row < blocks; row++)
        {
            double sum = slopes[row] + (equations[(row * blocks) + row] * changes[row] / 2);
            for (int column = 0; column < row; column++)
                sum += equations[(row * blocks) + column] * changes[column];
            error += 2 * sum * changes[row];
        }
        return error;
    }

    private static float[] LevelsOf(LowBitLayer layer, int first, int end)
    {
        var levels = new float[(end - first) * layer.Columns];
        for (int channel = first, i = 0; channel < end; channel++)
            for (int column = 0; column < layer.Columns; column++, i++)
                levels[i] = layer.LevelOf(channel, column);
        return levels;
    }
}
