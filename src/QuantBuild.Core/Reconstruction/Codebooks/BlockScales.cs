namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>The scales of all blocks of a matrix while they are fitted.</summary>
internal sealed class BlockScales
{
    private readonly WeightedRows rows;

    private readonly int blocksPerChannel;

    public BlockScales(WeightedRows rows, int blockColumns)
    {
        this.rows = rows;
        BlockColumns = blockColumns;
        blocksPerChannel = (rows.Columns + blockColumns - 1) / blockColumns;
        Values = new float[rows.Channels * blocksPerChannel];
        Values.AsSpan().Fill(1);
    }

    public int BlockColumns { get; }

    /// <summary>[channels, blocks], not 0.</summary>
    public float[] Values { get; }

    public Span<float> Of(int firstChannel, int endChannel) =>
        Values.AsSpan(firstChannel * blocksPerChannel, (endChannel - firstChannel) * blocksPerChannel);

    /// <param name="maximumThreads">−1 for as many as there are processors; the result does not depend on it.</param>
    public void ForEachChannel(int first, int end, int maximumThreads, Action<int> body)
    {
        if (maximumThreads == 1)
        {
            for (int channel = first; channel < end; channel++)
                body(channel);
        }
        else
        {
            Parallel.For(first, end, new ParallelOptions { MaxDegreeOfParallelism = maximumThreads }, body);
        }
    }

    /// <summary>Without regard to the scales that are there.</summary>
    public void Start(int channel, LevelTable levels, ScaleRule rule)
    {
        Span<float> scales = Of(channel, channel + 1);
        for (int block = 0; block < blocksPerChannel; block++)
            scales[block] = rule switch
            {
                ScaleRule.One => 1,
                ScaleRule.Absmax => BlockScale.Absmax(Weights(channel, block), levels),
                _ => BlockScale.Search(Weights(channel, block), Importance(channel, block), levels),
            };
    }

    /// <summary>To scales of no larger error.</summary>
    public void Improve(int channel, LevelTable levels)
    {
        Span<float> scales = Of(channel, channel + 1);
        for (int block = 0; block < blocksPerChannel; block++)
            scales[block] = BlockScale.Improve(Weights(channel, block), Importance(channel, block), levels, scales[block]);
    }

    /// <summary>Gives blocks of zeros the scale that they have with the levels in the end.</summary>
    public void SettleZeros(int channel, LevelTable levels)
    {
        for (int block = 0; block < blocksPerChannel; block++)
            if (Weights(channel, block).IndexOfAnyExcept(0f) < 0)
                Of(channel, channel + 1)[block] = BlockScale.Absmax(Weights(channel, block), levels);
    }

    /// <summary>The weights of some channels in units of their scales: errors count by the squares of these.</summary>
    public WeightedPoints Points(int firstChannel, int endChannel)
    {
        var values = new float[(endChannel - firstChannel) * rows.Columns];
        var weights = new double[values.Length];
        for (int channel = firstChannel, i = 0; channel < endChannel; channel++)
        {
            ReadOnlySpan<float> row = rows.ValuesOf(channel);
            ReadOnlySpan<float> importance = rows.ImportanceOf(channel);
            Span<float> scales = Of(channel, channel + 1);
            for (int column = 0; column < row.Length; column++, i++)
            {
                float scale = scales[column / BlockColumns];
                values[i] = row[column] / scale;
                weights[i] = (double)importance[column] * scale * scale;
            }
        }
        return WeightedPoints.Of(values, weights);
    }

    private ReadOnlySpan<float> Weights(int channel, int block) => Cut(rows.ValuesOf(channel), block);

    private ReadOnlySpan<float> Importance(int channel, int block) => Cut(rows.ImportanceOf(channel), block);

    private ReadOnlySpan<float> Cut(ReadOnlySpan<float> row, int block)
    {
        int start = block * BlockColumns;
        return row[start..Math.Min(start + BlockColumns, row.Length)];
    }
}
