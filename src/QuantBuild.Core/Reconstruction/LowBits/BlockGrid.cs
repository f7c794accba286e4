namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The values of one block.</summary>
/// <param name="Zero">Of uniform levels: the code of 0.</param>
/// <param name="HighestCode">2^bits − 1</param>
/// <param name="IsAsymmetric">True: the zero point is the block's own.</param>
/// <param name="Levels">Null: uniform.</param>
internal readonly record struct BlockGrid(float Scale, int Zero, int HighestCode, bool IsAsymmetric, float[]? Levels)
{
    public UniformLevels Uniform => new(Zero, HighestCode);

    public BlockGrid WithZero(int zero) => this with { Zero = Math.Clamp(zero, 0, HighestCode) };

    /// <param name="steps">In units of the scale.</param>
    public float LevelNearest(float steps)
    {
        if (Levels is null)
            return Math.Clamp(MathF.Round(steps, MidpointRounding.ToEven), -Zero, HighestCode - Zero);
        float nearest = Levels[0];
        foreach (float level in Levels)
            if (steps - nearest > level - steps)
                nearest = level;
        return nearest;
    }

    /// <summary>From the smallest to the largest weight, 0 among them.</summary>
    public static BlockGrid MinMax(BlockWeights weights, LevelGrid grid, int channel)
    {
        var start = new BlockGrid(1, grid.SymmetricZero, grid.LevelCount - 1, grid.ZeroPoints is not null, grid.LevelsOf(channel));
        if (weights.IsZero)
            return start;
        if (start.Levels is { } levels)
            return start with { Scale = Math.Abs(weights.Largest) / Math.Max(Math.Abs(levels[0]), Math.Abs(levels[^1])) };
        if (!start.IsAsymmetric)
            return start with { Scale = -weights.Largest / start.Zero };
        float scale = (weights.Highest - weights.Lowest) / start.HighestCode;
        return start.WithZero((int)MathF.Round(-weights.Lowest / scale, MidpointRounding.ToEven)) with { Scale = scale };
    }

    public void Store(LevelGrid grid, int block)
    {
        grid.Scales[block] = Scale;
        if (grid.ZeroPoints is { } zeroPoints)
            zeroPoints[block] = (byte)Zero;
    }
}
