namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The values that each weight of a matrix may take: 2^bits levels, times a scale for every block of neighbouring columns of a channel.</summary>
/// <remarks>
/// <code>
/// uniform    value = (code − zero point) · scale
/// codebook   value = level[code] · scale
/// </code>
/// </remarks>
/// <param name="Bits">1 to 8.</param>
/// <param name="Channels">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="BlockColumns">1 to <paramref name="Columns"/>: columns that share a scale; the last block of a row may be shorter.</param>
internal sealed record LevelGrid(int Bits, int Channels, int Columns, int BlockColumns)
{
    /// <summary>[channels, blocks]; not 0, and may be negative.</summary>
    public required float[] Scales { get; init; }

    /// <summary>[channels, blocks], 0 to 2^bits − 1; null: 2^(bits − 1) for all. Of uniform grids only.</summary>
    public byte[]? ZeroPoints { get; init; }

    /// <summary>Null: the grid is uniform. Each has 2^bits levels, ascending.</summary>
    public IReadOnlyList<float[]>? Codebooks { get; init; }

    /// <summary>By channel: index into <see cref="Codebooks"/>; null: all use the first.</summary>
    public int[]? CodebookOfChannel { get; init; }

    public int BlocksPerChannel => (Columns + BlockColumns - 1) / BlockColumns;

    public int LevelCount => 1 << Bits;

    /// <summary>Without own zero points.</summary>
    public int SymmetricZero => LevelCount >> 1;

    /// <summary>Index into <see cref="Scales"/> and <see cref="ZeroPoints"/>.</summary>
    public int BlockOf(int channel, int column) => (channel * BlocksPerChannel) + (column / BlockColumns);

    public int ZeroOf(int block) => ZeroPoints is null ? SymmetricZero : ZeroPoints[block];

    /// <summary>Null when the grid is uniform.</summary>
    public float[]? LevelsOf(int channel) => Codebooks?[CodebookOfChannel?[channel] ?? 0];

    /// <summary>The product is rounded to float once, as <c>DequantizeLinear</c> and <c>Mul</c> do it.</summary>
    public float ValueOf(int channel, int column, int code)
    {
        int block = BlockOf(channel, column);
        return LevelsOf(channel) is { } levels ? levels[code] * Scales[block] : (code - ZeroOf(block)) * Scales[block];
    }

    /// <summary>The code whose value is nearest; of two that are, the lower one in a codebook, the even one of a uniform grid.</summary>
    public byte Nearest(int channel, int column, float wanted)
    {
        int block = BlockOf(channel, column);
        float steps = wanted / Scales[block];
        if (LevelsOf(channel) is { } levels)
            return NearestLevel(levels, steps);
        return (byte)Math.Clamp(MathF.Round(steps, MidpointRounding.ToEven) + ZeroOf(block), 0, LevelCount - 1);
    }

    private static byte NearestLevel(float[] levels, float wanted)
    {
        int low = 0;
        int high = levels.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (wanted - levels[middle] <= levels[middle + 1] - wanted)
                high = middle;
            else
                low = middle + 1;
        }
        while (low > 0 && levels[low - 1] == levels[low])
            low--;
        return (byte)low;
    }
}
