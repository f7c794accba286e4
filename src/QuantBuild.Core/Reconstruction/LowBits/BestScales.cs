namespace QuantBuild.Reconstruction.LowBits;

/// <summary>For each channel of a tile the scale of the smallest error among those that were tried, to begin with the one that it
/// has.</summary>
internal sealed class BestScales
{
    private readonly BlockTile tile;
    private readonly float[] scales;
    private readonly double[] errors;

    public BestScales(BlockTile tile)
    {
        this.tile = tile;
        scales = tile.Scales();
        tile.Try(scales);
        errors = [.. tile.Errors];
    }

    /// <summary>Those tried last, where they are better.</summary>
    public void Take()
    {
        for (int i = 0; i < scales.Length; i++)
            if (tile.Errors[i] < errors[i])
                (scales[i], errors[i]) = (tile.Scale(i), tile.Errors[i]);
    }

    public void Restore()
    {
        for (int i = 0; i < scales.Length; i++)
            tile.Scale(i) = scales[i];
    }
}
