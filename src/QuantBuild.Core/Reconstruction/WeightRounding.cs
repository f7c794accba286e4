namespace QuantBuild.Reconstruction;

/// <summary>How the codes of a layer are found. Each takes safe codes at given scales and leaves safe ones.</summary>
internal static class WeightRounding
{
    /// <summary>Scales and nearest codes of all channels, by squared error weighted with what the columns carry.</summary>
    /// <param name="minimumScales">One per channel: no scale is made smaller.</param>
    public static void Start(LayerGram layer, LayerWeights weights, float[] minimumScales, int maximumThreads = -1) =>
        weights.ForEachTile(maximumThreads, (first, end) =>
        {
            for (int channel = first; channel < end; channel++)
                weights.Scales[channel] = PairSafeChannel.Quantize(
                    weights.WeightsOf(channel), layer.Diagonal, weights.Pairs, minimumScales[channel], weights.CodesOf(channel));
        });

    /// <summary>The default: <see cref="Gptq"/>, then <see cref="CoordinateDescent"/> from there.</summary>
    public static void CompensateAndDescend(LayerGram layer, LayerWeights weights, int maximumThreads = -1)
    {
        Gptq.Round(layer, weights, maximumThreads);
        CoordinateDescent.Improve(layer, weights, maximumThreads);
    }
}

/// <summary>Changes <see cref="LayerWeights.Codes"/>; scales stay.</summary>
/// <param name="maximumThreads">−1 for as many as there are processors; the result does not depend on it.</param>
internal delegate void RoundLayer(LayerGram layer, LayerWeights weights, int maximumThreads = -1);
