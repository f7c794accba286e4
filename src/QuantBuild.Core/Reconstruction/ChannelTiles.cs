namespace QuantBuild.Reconstruction;

/// <summary>Channels that go through a matrix together, so that its rows are read once for all of them.</summary>
internal static class ChannelTiles
{
    private const int TileChannels = 16;

    /// <summary>Runs over all channels in tiles; channels must not depend on each other, so that the number of threads changes nothing.</summary>
    /// <param name="maximumThreads">−1 for as many as there are processors.</param>
    /// <param name="body">Takes the first channel of a tile and the one behind its last.</param>
    public static void ForEach(int channels, int maximumThreads, Action<int, int> body)
    {
        int tiles = (channels + TileChannels - 1) / TileChannels;
        if (tiles == 1 || maximumThreads == 1)
        {
            for (int tile = 0; tile < tiles; tile++)
                Run(tile);
        }
        else
        {
            Parallel.For(0, tiles, new ParallelOptions { MaxDegreeOfParallelism = maximumThreads }, Run);
        }

        void Run(int tile) => body(tile * TileChannels, Math.Min((tile + 1) * TileChannels, channels));
    }
}
