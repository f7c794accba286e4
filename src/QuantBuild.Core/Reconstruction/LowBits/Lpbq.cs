namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Scales on two levels: the scale of a block is that of its channel times a whole number, so that <c>code · number</c> is an
/// 8-bit weight with one scale per channel.</summary>
internal static class Lpbq
{
    /// <summary>Products of magnitude up to 64 cannot saturate sums of pairs in 16 bits on any x64 processor.</summary>
    public const int PairSafeLimit = 64;

    public const int MostMultiple = 16;

    /// <summary>Scales of the channel that are tried: parts of the largest that its blocks need.</summary>
    private const int Trials = 24;

    private const double TrialStep = 0.025;

    /// <summary>Sets scales by the weighted error of the weights, and rounds to the nearest; codes may be improved afterwards while scales
    /// stay.</summary>
    /// <param name="layer">Uniform, without own zero points.</param>
    /// <param name="limit">Of the magnitude of products, at most 128.</param>
    /// <returns>With a scale of 0 for a channel whose weights are too large for errors to be known.</returns>
    public static TwoLevelScales Quantize(LowBitLayer layer, LayerGram gram, int limit = PairSafeLimit, int maximumThreads = -1)
    {
        LevelGrid grid = layer.Grid;
        int most = Math.Min(MostMultiple, limit / grid.SymmetricZero);
        if (grid.ZeroPoints is not null || grid.Codebooks is not null || most < 1)
            throw new ArgumentException($"{grid.Bits} bits of a symmetric uniform grid with products up to {limit} are needed.");
        GridSearch.Weighted(layer, gram, maximumThreads);
        var scales = new TwoLevelScales(new float[grid.Channels], new byte[grid.Scales.Length]);
        ChannelTiles.ForEach(grid.Channels, maximumThreads, (first, end) =>
        {
            BlockWeights[] blocks = [.. Enumerable.Range(0, grid.BlocksPerChannel).Select(_ => new BlockWeights(grid.BlockColumns))];
            for (int channel = first; channel < end; channel++)
            {
                for (int block = 0; block < blocks.Length; block++)
                {
                    int start = block * grid.BlockColumns;
                    int length = Math.Min(grid.BlockColumns, grid.Columns - start);
                    blocks[block].Load(layer.WeightsOf(channel).Slice(start, length), gram.Diagonal.AsSpan(start, length));
                }
                Search(layer, channel, blocks, most, scales);
            }
        });
        layer.RoundToNearest(maximumThreads);
        return scales;
    }

    /// <summary>Fits the scales of the channels to the codes, under the whole error; numbers and codes stay.</summary>
    public static void Refit(LayerGram gram, LowBitLayer layer, TwoLevelScales scales, int maximumThreads = -1)
    {
        LevelGrid grid = layer.Grid;
        sbyte[] products = scales.Products(layer);
        var levels = new LowBitLayer(layer.Weights, new LevelGrid(8, grid.Channels, grid.Columns, grid.Columns) { Scales = scales.Channels });
        for (int i = 0; i < products.Length; i++)
            levels.Codes[i] = (byte)(products[i] + levels.Grid.SymmetricZero);
        ScaleRefit.Fit(gram, levels, maximumThreads);
        for (int block = 0; block < grid.Scales.Length; block++)
            grid.Scales[block] = scales.Channels[block / grid.BlocksPerChannel] * scales.Multiples[block];
    }

    private static void Search(LowBitLayer layer, int channel, BlockWeights[] blocks, int most, TwoLevelScales scales)
    {
        LevelGrid grid = layer.Grid;
        int firstBlock = grid.BlockOf(channel, 0);
        float largest = 0;
        foreach (float scale in grid.Scales.AsSpan(firstBlock, blocks.Length))
            largest = Math.Max(largest, Math.Abs(scale));
        var levels = new UniformLevels(grid.SymmetricZero, grid.LevelCount - 1);
        double best = double.PositiveInfinity;
        var multiples = new byte[blocks.Length];
        for (int trial = 0; trial < Trials; trial++)
        {
            float unit = (float)(largest / most * (1.15 - (TrialStep * trial)));
            double error = 0;
            for (int block = 0; block < blocks.Length; block++)
                error += BestMultiple(blocks[block], levels, unit, most, out multiples[block]);
            if (!(error < best))
                continue;
            best = error;
            scales.Channels[channel] = unit;
            multiples.CopyTo(scales.Multiples.AsSpan(firstBlock));
        }
        for (int block = 0; block < blocks.Length; block++)
            grid.Scales[firstBlock + block] = scales.Channels[channel] * scales.Multiples[firstBlock + block];
    }

    private static double BestMultiple(BlockWeights weights, UniformLevels levels, float unit, int most, out byte multiple)
    {
        multiple = 1;
        double best = weights.ErrorOf(levels, unit);
        for (int tried = 2; tried <= most; tried++)
            if (weights.ErrorOf(levels, unit * tried) is var error && error < best)
                (multiple, best) = ((byte)tried, error);
        return best;
    }
}

/// <param name="Channels">By channel.</param>
/// <param name="Multiples">[channels, blocks], 1 to 16.</param>
internal sealed record TwoLevelScales(float[] Channels, byte[] Multiples)
{
    /// <summary><c>(code − zero) · multiple</c>: [channels, columns], in units of <see cref="Channels"/>.</summary>
    public sbyte[] Products(LowBitLayer layer)
    {
        var products = new sbyte[layer.Codes.Length];
        for (int channel = 0, i = 0; channel < layer.Channels; channel++)
            for (int column = 0; column < layer.Columns; column++, i++)
                products[i] = (sbyte)((layer.Codes[i] - layer.Grid.SymmetricZero) * Multiples[layer.Grid.BlockOf(channel, column)]);
        return products;
    }
}
