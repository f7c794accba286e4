namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Fits the scale of every block to its codes and rounds again, in turn, by the error of the block's own part of the
/// output.</summary>
/// <remarks>The scale estimation of NNCF with second moments in place of mean vectors. Zero points stay.</remarks>
internal static class ScaleEstimation
{
    private const int Rounds = 5;

    /// <summary>Smaller scales to begin with, each by a twentieth of the one that the block has.</summary>
    private const int Starts = 5;

    private const float StartStep = 0.05f;

    /// <summary>Changes scales where the error of the block falls, and rounds to the nearest.</summary>
    public static void Improve(LayerGram gram, LowBitLayer layer, int maximumThreads = -1)
    {
        ChannelTiles.ForEach(layer.Channels, maximumThreads, (first, end) =>
        {
            for (int block = 0; block < layer.Grid.BlocksPerChannel; block++)
                Improve(new BlockTile(gram, layer, first, end, block));
        });
        layer.RoundToNearest(maximumThreads);
    }

    private static void Improve(BlockTile tile)
    {
        float[] original = tile.Scales();
        var best = new BestScales(tile);
        for (int round = 0; round < Rounds; round++)
        {
            tile.Try([.. tile.Fitted]);
            best.Take();
        }
        for (int start = 0; start < Starts; start++)
        {
            tile.Try([.. original.Select(scale => scale * (1 - (start * StartStep)))]);
            best.Take();
            tile.Try([.. tile.Fitted]);
            best.Take();
        }
        best.Restore();
    }
}
