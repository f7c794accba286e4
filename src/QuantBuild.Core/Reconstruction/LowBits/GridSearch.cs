using System.Numerics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Finds the scale of every block, and its zero point where blocks have one, by the error of the weights themselves, and rounds
/// to the nearest.</summary>
internal static class GridSearch
{
    private const int StepsOfOctave = 64;

    /// <summary>Scales that are tried first lie so far apart. Then the search closes in by halving that.</summary>
    private const int FirstSteps = StepsOfOctave / 8;

    /// <summary>From the scale that cuts nothing off: up by a quarter of an octave, down by three octaves.</summary>
    private const int First = -StepsOfOctave / 4;

    private const int Last = 3 * StepsOfOctave;

    /// <summary>Times that a scale is fitted to the levels it gives.</summary>
    private const int Fits = 3;

    /// <summary>From the smallest to the largest weight of the block. Without own zero points the largest lies on the lowest level, which
    /// is one step further out than
    /// the highest; the scale has the sign that this needs.</summary>
    public static void MinMax(LowBitLayer layer, int maximumThreads = -1) => ForEachBlock(layer, null, maximumThreads, (_, grid) => grid);

    /// <summary>Of the smallest squared error.</summary>
    public static void Mse(LowBitLayer layer, int maximumThreads = -1) => ForEachBlock(layer, null, maximumThreads, Search);

    /// <summary>Of the smallest squared error, each column counted as much as it carries.</summary>
    public static void Weighted(LowBitLayer layer, LayerGram gram, int maximumThreads = -1) =>
        ForEachBlock(layer, gram.Diagonal, maximumThreads, Search);

    /// <summary>One block alone.</summary>
    /// <param name="start">What it has by <see cref="MinMax"/>.</param>
    internal static BlockGrid Search(BlockWeights weights, BlockGrid start) => start.Levels is { } levels
        ? SearchScale(weights, new CodebookLevels(levels), start)
        : start.IsAsymmetric ? SearchBoth(weights, start) : SearchScale(weights, start.Uniform, start);

    /// <summary>Sets scale and zero point of every block, then the codes.</summary>
    /// <param name="importance">By column; null: all the same.</param>
    internal static void ForEachBlock(
        LowBitLayer layer, float[]? importance, int maximumThreads, Func<BlockWeights, BlockGrid, BlockGrid> search)
    {
        LevelGrid grid = layer.Grid;
        ChannelTiles.ForEach(layer.Channels, maximumThreads, (first, end) =>
        {
            var weights = new BlockWeights(grid.BlockColumns);
            for (int channel = first; channel < end; channel++)
                for (int start = 0; start < layer.Columns; start += grid.BlockColumns)
                {
                    int length = Math.Min(grid.BlockColumns, layer.Columns - start);
                    weights.Load(layer.WeightsOf(channel).Slice(start, length), importance is null ? [] : importance.AsSpan(start, length));
                    BlockGrid found = BlockGrid.MinMax(weights, grid, channel);
                    if (!weights.IsZero)
                        found = search(weights, found);
                    found.Store(grid, grid.BlockOf(channel, start));
                }
        });
        layer.RoundToNearest(maximumThreads);
    }

    /// <summary>Both signs: levels may reach further on one side.</summary>
    private static BlockGrid SearchScale<TLevels>(BlockWeights weights, TLevels levels, BlockGrid start)
        where TLevels : struct, ILevels
    {
        var found = new Best(start, weights.ErrorOf(levels, start.Scale));
        foreach (int sign in (ReadOnlySpan<int>)[1, -1])
        {
            float largest = sign * start.Scale;
            int best = 0;
            var ofSign = new Best(start, double.PositiveInfinity);
            for (int down = First; down <= Last; down += FirstSteps)
                if (Try(ref ofSign, At(largest, down)))
                    best = down;
            for (int steps = FirstSteps / 2; steps >= 1; steps /= 2)
            {
                int center = best;
                if (Try(ref ofSign, At(largest, center - steps)))
                    best = center - steps;
                if (Try(ref ofSign, At(largest, center + steps)))
                    best = center + steps;
            }
            for (int fit = 0; fit < Fits && Try(ref ofSign, weights.FittedScale(levels, ofSign.Grid.Scale)); fit++)
            {
            }
            found.Take(ofSign.Grid, ofSign.Error);
        }
        return found.Grid;

        bool Try(ref Best ofSign, float scale) =>
            BlockWeights.IsScale(scale) && ofSign.Take(start with { Scale = scale }, weights.ErrorOf(levels, scale));
    }

    /// <summary>For each scale the zero points around the one that cuts off as much below as above; from the best, steps of both until
    /// none helps.</summary>
    private static BlockGrid SearchBoth(BlockWeights weights, BlockGrid start)
    {
        var best = new Best(start, weights.ErrorOf(start.Uniform, start.Scale));
        double middle = ((double)weights.Lowest + weights.Highest) / 2;
        for (int down = First; down <= Last; down += FirstSteps)
        {
            float scale = At(start.Scale, down);
            int zero = (int)Math.Round((start.HighestCode / 2.0) - (middle / scale));
            for (int near = -1; near <= 1; near++)
                Try(zero + near, scale);
        }
        bool better = true;
        while (better)
        {
            better = false;
            BlockGrid from = best.Grid;
            for (int near = -1; near <= 1; near++)
            {
                better |= TryFitted(from.Zero + near, from.Scale);
                better |= TryFitted(from.Zero + near, At(from.Scale, FirstSteps / 2));
                better |= TryFitted(from.Zero + near, At(from.Scale, -FirstSteps / 2));
            }
        }
        return best.Grid;

        bool TryFitted(int zero, float scale)
        {
            BlockGrid tried = start.WithZero(zero);
            return Try(tried.Zero, weights.FittedScale(tried.Uniform, scale));
        }

        bool Try(int zero, float scale)
        {
            BlockGrid tried = start.WithZero(zero) with { Scale = scale };
            return BlockWeights.IsScale(scale) && best.Take(tried, weights.ErrorOf(tried.Uniform, scale));
        }
    }

    /// <summary>Octaves are exact, steps between them of one size, so that it is the same number on every machine.</summary>
    private static float At(float largest, int stepsDown)
    {
        int octave = stepsDown >> BitOperations.Log2(StepsOfOctave);
        double part = 1 - ((stepsDown - (octave * StepsOfOctave)) / (2.0 * StepsOfOctave));
        return (float)Math.ScaleB(largest * part, -octave);
    }

    private record struct Best(BlockGrid Grid, double Error)
    {
        public bool Take(BlockGrid grid, double error)
        {
            if (!(error < Error))
                return false;
            (Grid, Error) = (grid, error);
            return true;
        }
    }
}
