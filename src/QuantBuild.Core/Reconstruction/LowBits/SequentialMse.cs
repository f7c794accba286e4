namespace QuantBuild.Reconstruction.LowBits;

/// <summary>For each channel the part of its range, of twenty, whose nearest codes have the smallest error of the output (AIMET's
/// sequential MSE).</summary>
/// <remarks>The order of the layers is the caller's: with moments of what the model reads whose layers before are quantized.</remarks>
internal static class SequentialMse
{
    private const int Candidates = 20;

    /// <summary>Sets codes, scales and zero points.</summary>
    /// <returns>The error of each channel; see <see cref="LayerError"/>.</returns>
    public static double[] Quantize(LayerGram gram, LowBitLayer layer, int maximumThreads = -1)
    {
        GridSearch.MinMax(layer, maximumThreads);
        LowBitLayer whole = layer.Copy();
        double[] errors = LayerError.Of(gram, layer, maximumThreads);
        for (int candidate = Candidates - 1; candidate > 0; candidate--)
        {
            LowBitLayer tried = whole.Copy();
            for (int block = 0; block < tried.Grid.Scales.Length; block++)
                if (whole.Grid.Scales[block] * candidate / Candidates is var scale && BlockWeights.IsScale(scale))
                    tried.Grid.Scales[block] = scale;
            tried.RoundToNearest(maximumThreads);
            layer.TakeBetter(tried, errors, LayerError.Of(gram, tried, maximumThreads));
        }
        return errors;
    }
}
