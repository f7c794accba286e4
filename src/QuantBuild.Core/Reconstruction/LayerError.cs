using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction;

/// <summary>What rounding a channel adds to the mean squared error of its output, in units of the input's scale.</summary>
/// <remarks>With <c>d = ŵ − w</c> it is <c>d·G·d + 2 d·r₀</c>, where <c>r₀</c> is <see cref="LayerGram.Drift"/> times w. Half of its gradient is <c>G·d + r₀</c>.</remarks>
internal static class LayerError
{
    /// <summary>Half of the gradient with respect to the codes' values, of some channels.</summary>
    /// <returns>[channels, columns].</returns>
    public static float[] GradientOf(LayerGram layer, IRoundedLayer weights, int firstChannel, int endChannel)
    {
        float[] gradient = DriftOf(layer, weights, firstChannel, endChannel) ?? new float[(endChannel - firstChannel) * weights.Columns];
        RowSumKernel.AddProduct(layer.Gram, weights.Columns, weights.Differences(firstChannel, endChannel), gradient);
        return gradient;
    }

    /// <returns>[channels, columns], or null when it is zero.</returns>
    public static float[]? DriftOf(LayerGram layer, IRoundedLayer weights, int firstChannel, int endChannel)
    {
        if (layer.Drift is null)
            return null;
        int columns = weights.Columns;
        var drift = new float[(endChannel - firstChannel) * columns];
        RowSumKernel.AddProduct(layer.Drift, columns, weights.Weights.AsSpan(firstChannel * columns, drift.Length), drift);
        return drift;
    }

    /// <returns>One per channel; 0 for the float weights themselves.</returns>
    public static double[] Of(LayerGram layer, IRoundedLayer weights, int maximumThreads = -1)
    {
        var errors = new double[weights.Channels];
        ChannelTiles.ForEach(weights.Channels, maximumThreads, (first, end) =>
        {
            int columns = weights.Columns;
            float[] differences = weights.Differences(first, end);
            float[] gradient = GradientOf(layer, weights, first, end);
            float[]? drift = DriftOf(layer, weights, first, end);
            for (int i = 0; i < differences.Length; i++)
                errors[first + (i / columns)] += differences[i] * ((double)gradient[i] + (drift?[i] ?? 0));
        });
        return errors;
    }
}
