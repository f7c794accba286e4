namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Finds what to multiply the columns of weights with, and to divide their inputs by, so that columns that carry much are rounded
/// more finely
/// (Lin and others 2023).</summary>
/// <remarks><c>s_j = (rms of x_j)^α</c>, divided by the root of the largest and the smallest of them, for the α of twenty-one of which
/// <c>‖Q(W·diag(s))·diag(s)⁻¹·X − W·X‖</c> is least.</remarks>
internal static class Awq
{
    private const int Exponents = 20;

    /// <summary>A factor is not made smaller: columns that are always zero would make it so.</summary>
    private const double SmallestFactor = 1e-4;

    private const int ClipSteps = 20;

    private const int MostClipSteps = 10;

    /// <param name="layers">What reads the same inputs; only their weights and kinds of grids are read.</param>
    /// <param name="round">Codes and scales for a layer whose weights are multiplied already; null: nearest between the smallest and the
    /// largest weight of each block.</param>
    public static ColumnScales Search(
        LayerGram gram, IReadOnlyList<LowBitLayer> layers, Action<LayerGram, LowBitLayer>? round = null, int maximumThreads = -1)
    {
        round ??= (_, layer) => GridSearch.MinMax(layer, maximumThreads);
        var best = new ColumnScales([], 0, double.PositiveInfinity);
        for (int step = 0; step <= Exponents; step++)
        {
            float[] factors = Factors(gram, (double)step / Exponents);
            LayerGram divided = gram.DividedBy(factors);
            double error = 0;
            foreach (LowBitLayer layer in layers)
            {
                LowBitLayer multiplied = Multiplied(layer, factors);
                round(divided, multiplied);
                error += LayerError.Of(divided, multiplied, maximumThreads).Sum();
            }
            if (error < best.Error)
                best = new ColumnScales(factors, (double)step / Exponents, error);
        }
        return best;
    }

    /// <summary>A layer of the same kind of grid whose columns are multiplied.</summary>
    public static LowBitLayer Multiplied(LowBitLayer layer, ReadOnlySpan<float> factors)
    {
        var weights = new float[layer.Weights.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = layer.Weights[i] * factors[i % layer.Columns];
        LowBitLayer copy = layer.Copy();
        return new LowBitLayer(weights, copy.Grid);
    }

    /// <summary>For each block the part of its scale, from the whole to half, of the smallest error of the block's own part of the output.
    /// Rounds to the nearest.</summary>
    public static void Clip(LayerGram gram, LowBitLayer layer, int maximumThreads = -1)
    {
        ChannelTiles.ForEach(layer.Channels, maximumThreads, (first, end) =>
        {
            for (int block = 0; block < layer.Grid.BlocksPerChannel; block++)
            {
                var tile = new BlockTile(gram, layer, first, end, block);
                float[] whole = tile.Scales();
                var best = new BestScales(tile);
                for (int step = 1; step <= MostClipSteps; step++)
                {
                    tile.Try([.. whole.Select(scale => scale * (ClipSteps - step) / ClipSteps)]);
                    best.Take();
                }
                best.Restore();
            }
        });
        layer.RoundToNearest(maximumThreads);
    }

    private static float[] Factors(LayerGram gram, double exponent)
    {
        double largest = Math.Sqrt(gram.Diagonal.Max());
        double[] powers = [.. gram.Diagonal.Select(moment => Math.Pow(Math.Max(Math.Sqrt(moment) / largest, SmallestFactor), exponent))];
        double middle = Math.Sqrt(powers.Max() * powers.Min());
        return [.. powers.Select(power => (float)(power / middle))];
    }
}

/// <param name="Factors">By column, above 0: weights are multiplied with it, inputs divided by it.</param>
/// <param name="Exponent">α</param>
/// <param name="Error">Of all layers; see <see cref="LayerError"/>.</param>
internal sealed record ColumnScales(float[] Factors, double Exponent, double Error);
