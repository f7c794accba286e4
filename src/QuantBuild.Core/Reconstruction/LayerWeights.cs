namespace QuantBuild.Reconstruction;

/// <summary>The weights of all output channels that multiply the same columns, and what they are rounded to: <c>weight ≈ code · scale</c>.</summary>
/// <param name="columns">Weights of one channel.</param>
/// <param name="pairs">True when the kernel adds products in pairs: then no pair of codes may saturate (<see cref="PairSafeChannel"/>).</param>
/// <param name="weights">[channels, columns], each channel in the kernel's order of summation.</param>
internal sealed class LayerWeights(int columns, bool pairs, float[] weights) : IRoundedLayer
{
    public int Columns { get; } = columns;

    public int Channels { get; } = weights.Length / columns;

    public bool Pairs { get; } = pairs;

    public float[] Weights { get; } = weights;

    /// <summary>One per channel, above 0.</summary>
    public float[] Scales { get; } = new float[weights.Length / columns];

    /// <summary>[channels, columns], −127 to 127.</summary>
    public sbyte[] Codes { get; } = new sbyte[weights.Length];

    public ReadOnlySpan<float> WeightsOf(int channel) => Weights.AsSpan(channel * Columns, Columns);

    public Span<sbyte> CodesOf(int channel) => Codes.AsSpan(channel * Columns, Columns);

    /// <summary>See <see cref="ChannelTiles.ForEach"/>.</summary>
    public void ForEachTile(int maximumThreads, Action<int, int> body) => ChannelTiles.ForEach(Channels, maximumThreads, body);

    /// <inheritdoc/>
    public float[] Differences(int firstChannel, int endChannel)
    {
        var differences = new float[(endChannel - firstChannel) * Columns];
        for (int channel = firstChannel; channel < endChannel; channel++)
        {
            float scale = Scales[channel];
            for (int i = 0, from = channel * Columns, to = (channel - firstChannel) * Columns; i < Columns; i++)
                differences[to + i] = (Codes[from + i] * scale) - Weights[from + i];
        }
        return differences;
    }
}
