namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Rounds every weight to one of the two levels around it, as <see cref="RoundingLearner"/> finds it best.</summary>
internal static class LowBitAdaRound
{
    /// <summary>Writes <see cref="LowBitLayer.Codes"/>; scales and zero points stay.</summary>
    public static void Round(LayerGram gram, LowBitLayer layer, int maximumThreads = -1) =>
        ChannelTiles.ForEach(layer.Channels, maximumThreads, (first, end) => RoundTile(gram, layer, first, end));

    private static void RoundTile(LayerGram gram, LowBitLayer layer, int first, int end)
    {
        LevelGrid grid = layer.Grid;
        int columns = layer.Columns;
        float[]? drift = LayerError.DriftOf(gram, layer, first, end);
        var fractions = new float[(end - first) * columns];
        var steps = new float[fractions.Length];
        var below = new byte[fractions.Length];
        var above = new byte[fractions.Length];
        for (int channel = first, i = 0; channel < end; channel++)
        {
            float unit = Math.Abs(grid.Scales[grid.BlockOf(channel, 0)]);
            for (int column = 0; column < columns; column++, i++)
            {
                float weight = layer.WeightsOf(channel)[column];
                (below[i], above[i]) = Around(grid, channel, column, weight);
                float low = grid.ValueOf(channel, column, below[i]);
                float step = grid.ValueOf(channel, column, above[i]) - low;
                fractions[i] = step == 0 ? 0 : (weight - low) / step;
                steps[i] = step / unit;
                if (drift is not null)
                    drift[i] /= unit;
            }
        }

        bool[] ups = RoundingLearner.Learn(gram, fractions, steps, drift);
        for (int i = 0; i < ups.Length; i++)
            layer.Codes[(first * columns) + i] = ups[i] ? above[i] : below[i];
    }

    /// <summary>The nearest code and the one on the other side of the weight; at the end of the levels the last two.</summary>
    private static (byte Below, byte Above) Around(LevelGrid grid, int channel, int column, float weight)
    {
        byte nearest = grid.Nearest(channel, column, weight);
        bool isBeyond = grid.Scales[grid.BlockOf(channel, column)] > 0
            ? weight >= grid.ValueOf(channel, column, nearest)
            : weight <= grid.ValueOf(channel, column, nearest);
        int below = Math.Clamp(isBeyond ? nearest : nearest - 1, 0, grid.LevelCount - 2);
        return ((byte)below, (byte)(below + 1));
    }
}
