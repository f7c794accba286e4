using QuantBuild.Placement.LowBits;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The weights of all output channels that multiply the same columns, and the codes, scales and zero points that they are rounded
/// to.
/// Channels do not depend on each other.</summary>
internal sealed class LowBitLayer : IRoundedLayer
{
    /// <param name="weights">[channels, columns]</param>
    /// <param name="grid">Its scales and zero points are changed in place.</param>
    public LowBitLayer(float[] weights, LevelGrid grid)
    {
        if (weights.Length != grid.Channels * grid.Columns || grid.Scales.Length != grid.Channels * grid.BlocksPerChannel)
            throw new ArgumentException($"{weights.Length} weights and {grid.Scales.Length} scales do not fit [{grid.Channels}, {grid.Columns}].");
        Weights = weights;
        Grid = grid;
        Codes = new byte[weights.Length];
    }

    public int Columns => Grid.Columns;

    public int Channels => Grid.Channels;

    public float[] Weights { get; }

    public LevelGrid Grid { get; }

    /// <summary>[channels, columns]</summary>
    public byte[] Codes { get; }

    /// <summary>With uniform levels and scales of 1, which a search replaces.</summary>
    /// <param name="weights">[channels, columns]</param>
    /// <param name="isAsymmetric">True: every block has a zero point of its own.</param>
    public static LowBitLayer Uniform(float[] weights, int channels, int bits, int blockColumns, bool isAsymmetric)
    {
        int columns = weights.Length / channels;
        int blocks = channels * ((columns + blockColumns - 1) / blockColumns);
        byte[]? zeroPoints = isAsymmetric ? new byte[blocks] : null;
        zeroPoints?.AsSpan().Fill((byte)(1 << (bits - 1)));
        return new LowBitLayer(weights, new LevelGrid(bits, channels, columns, blockColumns) { Scales = Ones(blocks), ZeroPoints = zeroPoints });
    }

    /// <summary>With given levels and scales of 1, which a search replaces.</summary>
    /// <param name="weights">[channels, columns]</param>
    /// <param name="codebooks">See <see cref="LevelGrid.Codebooks"/>.</param>
    public static LowBitLayer OfCodebooks(
        float[] weights, int channels, int bits, int blockColumns, IReadOnlyList<float[]> codebooks, int[]? codebookOfChannel = null)
    {
        int columns = weights.Length / channels;
        int blocks = channels * ((columns + blockColumns - 1) / blockColumns);
        return new LowBitLayer(weights, new LevelGrid(bits, channels, columns, blockColumns)
        {
            Scales = Ones(blocks),
            Codebooks = codebooks,
            CodebookOfChannel = codebookOfChannel,
        });
    }

    public ReadOnlySpan<float> WeightsOf(int channel) => Weights.AsSpan(channel * Columns, Columns);

    public Span<byte> CodesOf(int channel) => Codes.AsSpan(channel * Columns, Columns);

    /// <summary>What the code of a weight stands for in units of the block's scale.</summary>
    public float LevelOf(int channel, int column)
    {
        byte code = Codes[(channel * Columns) + column];
        return Grid.LevelsOf(channel) is { } levels ? levels[code] : code - Grid.ZeroOf(Grid.BlockOf(channel, column));
    }

    /// <inheritdoc/>
    public float[] Differences(int firstChannel, int endChannel)
    {
        var differences = new float[(endChannel - firstChannel) * Columns];
        for (int channel = firstChannel, from = firstChannel * Columns, to = 0; channel < endChannel; channel++)
        {
            float[]? levels = Grid.LevelsOf(channel);
            for (int start = 0; start < Columns; start += Grid.BlockColumns)
            {
                int block = Grid.BlockOf(channel, start);
                float scale = Grid.Scales[block];
                int zero = Grid.ZeroOf(block);
                for (int end = to + Math.Min(Grid.BlockColumns, Columns - start); to < end; to++, from++)
                    differences[to] = ((levels is null ? Codes[from] - zero : levels[Codes[from]]) * scale) - Weights[from];
            }
        }
        return differences;
    }

    /// <summary>Each weight to the nearest value of the grid.</summary>
    public void RoundToNearest(int maximumThreads = -1) => ChannelTiles.ForEach(Channels, maximumThreads, (first, end) =>
    {
        for (int channel = first; channel < end; channel++)
            for (int column = 0, i = channel * Columns; column < Columns; column++, i++)
                Codes[i] = Grid.Nearest(channel, column, Weights[i]);
    });

    /// <summary>The same weights with codes, scales and zero points of its own.</summary>
    public LowBitLayer Copy()
    {
        LevelGrid grid = Grid with { Scales = [.. Grid.Scales], ZeroPoints = Grid.ZeroPoints is { } zeroPoints ? [.. zeroPoints] : null };
        var copy = new LowBitLayer(Weights, grid);
        Codes.CopyTo(copy.Codes, 0);
        return copy;
    }

    /// <summary>Takes codes, scales and zero points of a channel.</summary>
    public void TakeChannel(LowBitLayer other, int channel)
    {
        other.CodesOf(channel).CopyTo(CodesOf(channel));
        int first = Grid.BlockOf(channel, 0);
        int blocks = Grid.BlocksPerChannel;
        other.Grid.Scales.AsSpan(first, blocks).CopyTo(Grid.Scales.AsSpan(first));
        if (Grid.ZeroPoints is not null)
            other.Grid.ZeroPoints.AsSpan(first, blocks).CopyTo(Grid.ZeroPoints.AsSpan(first));
    }

    /// <summary>Takes the channels of another whose error is smaller.</summary>
    /// <param name="errors">One per channel; becomes the smaller one.</param>
    /// <param name="otherErrors">One per channel.</param>
    public void TakeBetter(LowBitLayer other, double[] errors, double[] otherErrors)
    {
        for (int channel = 0; channel < Channels; channel++)
            if (otherErrors[channel] < errors[channel])
            {
                TakeChannel(other, channel);
                errors[channel] = otherErrors[channel];
            }
    }

    public LowBitWeight ToWeight(WeightMatrix matrix) => new(matrix, Grid, Codes);

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
