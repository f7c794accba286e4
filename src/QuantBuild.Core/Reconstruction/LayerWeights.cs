namespace QuantBuild.Reconstruction;

/// <summary>The weights of all output channels that multiply the same columns, and what they are rounded to: <c>weight ≈ code · scale</c>.</summary>
/// <param name="columns">Weights of one channel.</param>
/// <param name="pairs">True when the kernel adds products in pairs: then no pair of codes may saturate (<see cref="PairSafeChannel"/>).</param>
/// <param name="weights">[channels, columns], each channel in the kernel's order of summation.</param>
internal sealed class LayerWeights(int columns, bool pairs, float[] weights)
{
    /// <summary>Channels that go through a matrix together, so that its rows are read once for all of them.</summary>
    private const int TileChannels = 16;

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

    /// <summary>Runs over all channels in tiles; channels must not depend on each other, so that the number of threads changes nothing.</summary>
    /// <param name="maximumThreads">−1 for as many as there are processors.</param>
    /// <param name="body">Takes the first channel of a tile and the one behind its last.</param>
    public void ForEachTile(int maximumThreads, Action<int, int> body)
    {
        int tiles = (Channels + TileChannels - 1) / TileChannels;
        if (tiles == 1 || maximumThreads == 1)
        {
            for (int tile = 0; tile < tiles; tile++)
                Run(tile);
        }
        else
        {
            Parallel.For(0, tiles, new ParallelOptions { MaxDegreeOfParallelism = maximumThreads }, Run);
        }

        void Run(int tile) => body(tile * TileChannels, Math.Min((tile + 1) * TileChannels, Channels));
    }

    /// <summary><c>ŵ − w</c> of some channels: [channels, columns].</summary>
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
