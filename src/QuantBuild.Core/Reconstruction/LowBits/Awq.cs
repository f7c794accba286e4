namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Finds what to multiply the channels of weights with, and to divide their inputs by, so that channels that
/// carry much are rounded more finely (Lin and others 2023).</summary>
/// <remarks><c>s_j = (rms of x_j)^α</c>, divided by the root of the largest and the smallest of them, for the α of twenty-one of which
/// <c>‖Q(W·diag(s))·diag(s)⁻¹·X − W·X‖</c> is least.</remarks>
internal static class Awq
{
    private const int Exponents = 20;

    /// <summary>A factor is not made smaller: channels that are always zero would make it so.</summary>
    private const double SmallestFactor = 1e-4;

    private const int ClipSteps = 20;

    private const int MostClipSteps = 10;

    /// <param name="parts">What reads the channels; only weights and kinds of grids are read.</param>
    /// <param name="channels">Of what they read.</param>
    /// <param name="round">Codes and scales for a layer whose weights are multiplied already; null: nearest between the smallest and the
    /// largest weight of each block.</param>
    public static ChannelScales Search(
        IReadOnlyList<AwqPart> parts, int channels, Action<LayerGram, LowBitLayer>? round = null, int maximumThreads = -1)
    {
        round ??= (_, layer) => GridSearch.MinMax(layer, maximumThreads);
        double[] magnitudes = Magnitudes(parts, channels);
        var best = new ChannelScales([], 0, double.PositiveInfinity, 0);
        double plain = 0;
        for (int step = 0; step <= Exponents; step++)
        {
            float[] factors = Factors(magnitudes, (double)step / Exponents);
            double error = 0;
            foreach (AwqPart part in parts)
            {
                float[] ofColumns = [.. part.ChannelOfColumn.Select(channel => factors[channel])];
                LayerGram divided = part.Gram.DividedBy(ofColumns);
                LowBitLayer multiplied = Multiplied(part.Layer, ofColumns);
                round(divided, multiplied);
                error += LayerError.Of(divided, multiplied, maximumThreads).Sum();
            }
            if (step == 0)
                plain = error;
            if (error < best.Error)
                best = new ChannelScales(factors, (double)step / Exponents, error, plain);
        }
        return best;
    }

    /// <summary>Root of the mean square of each channel, as a part of the largest.</summary>
    private static double[] Magnitudes(IReadOnlyList<AwqPart> parts, int channels)
    {
        var sums = new double[channels];
        var counts = new long[channels];
        foreach (AwqPart part in parts)
            for (int column = 0; column < part.ChannelOfColumn.Length; column++)
            {
                sums[part.ChannelOfColumn[column]] += part.Gram.Diagonal[column];
                counts[part.ChannelOfColumn[column]]++;
            }
        double[] means = [.. sums.Zip(counts, (sum, count) => count == 0 ? 0 : sum / count)];
        double largest = Math.Sqrt(means.Max());
        return [.. means.Select(mean => Math.Max(Math.Sqrt(mean) / largest, SmallestFactor))];
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

    private static float[] Factors(double[] magnitudes, double exponent)
    {
        double[] powers = [.. magnitudes.Select(magnitude => Math.Pow(magnitude, exponent))];
        double middle = Math.Sqrt(powers.Max() * powers.Min());
        return [.. powers.Select(power => (float)(power / middle))];
    }
}

/// <summary>A group of a layer's weights.</summary>
/// <param name="Gram">What it reads.</param>
/// <param name="ChannelOfColumn">Which channel of the value each column is multiplied with.</param>
internal sealed record AwqPart(LayerGram Gram, LowBitLayer Layer, int[] ChannelOfColumn);

/// <param name="Factors">By channel, above 0: weights are multiplied with it, inputs divided by it.</param>
/// <param name="Exponent">α</param>
/// <param name="Error">Of all layers; see <see cref="LayerError"/>.</param>
/// <param name="PlainError">The same without factors.</param>
internal sealed record ChannelScales(float[] Factors, double Exponent, double Error, double PlainError);
