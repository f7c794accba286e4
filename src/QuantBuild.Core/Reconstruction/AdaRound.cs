namespace QuantBuild.Reconstruction;

/// <summary>Rounds every weight of a channel down or up, as <see cref="RoundingLearner"/> finds it best.</summary>
internal static class AdaRound
{
    /// <summary>Writes safe <see cref="LayerWeights.Codes"/>; scales stay.</summary>
    public static void Round(LayerGram layer, LayerWeights weights, int maximumThreads = -1) =>
        weights.ForEachTile(maximumThreads, (first, end) => RoundTile(layer, weights, first, end));

    private static void RoundTile(LayerGram layer, LayerWeights weights, int first, int end)
    {
        int columns = weights.Columns;
        float[]? drift = LayerError.DriftOf(layer, weights, first, end);
        var floors = new float[(end - first) * columns];
        var fractions = new float[floors.Length];
        for (int i = 0; i < floors.Length; i++)
        {
            float scale = weights.Scales[first + (i / columns)];
            float real = weights.Weights[(first * columns) + i] / scale;
            floors[i] = MathF.Floor(real);
            fractions[i] = real - floors[i];
            if (drift is not null)
                drift[i] /= scale;
        }

        bool[] ups = RoundingLearner.Learn(layer, fractions, steps: null, drift);
        for (int i = 0; i < floors.Length; i++)
        {
            float real = floors[i] + (ups[i] ? 1 : 0);
            int j = i % columns;
            Span<sbyte> codes = weights.CodesOf(first + (i / columns));
            codes[j] = (sbyte)(weights.Pairs && (j & 1) == 1 ? PairSafeChannel.RoundBeside(codes[j - 1], real) : PairSafeChannel.Round(real));
        }
    }
}
