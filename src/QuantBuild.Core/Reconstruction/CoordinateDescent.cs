using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction;

/// <summary>Improves codes one after the other, each to the best integer while the others stand, in sweeps over the channel.</summary>
/// <remarks>
/// With half the gradient g of <see cref="LayerError"/> the best change of one weight alone is <c>−g_j / G_jj</c>, and a change by δ adds <c>δ · G_j</c> to g
/// (QuantEase, Behdin and others 2023). Changes reach the columns outside of their block when the block is through.
/// </remarks>
internal static class CoordinateDescent
{
    private const int MostSweeps = 8;

    /// <summary>A channel is done when a sweep gains less than this part of what all before it gained.</summary>
    private const double SmallestGain = 0.01;

    /// <summary>Changes <see cref="LayerWeights.Codes"/>, which must be safe, to ones of no larger error; scales stay.</summary>
    public static void Improve(LayerGram layer, LayerWeights weights, int maximumThreads = -1) =>
        weights.ForEachTile(maximumThreads, (first, end) =>
        {
            float[] gradient = LayerError.GradientOf(layer, weights, first, end);
            ChannelDescent[] active = [.. Enumerable.Range(first, end - first).Select(channel =>
                new ChannelDescent(layer, weights, channel, gradient.AsMemory((channel - first) * weights.Columns, weights.Columns)))];
            for (int sweep = 0; sweep < MostSweeps && active.Length > 0; sweep++)
            {
                for (int start = 0; start < weights.Columns; start += RowSumKernel.BlockRows)
                    foreach (ChannelDescent channel in active)
                        channel.ImproveBlock(start, Math.Min(start + RowSumKernel.BlockRows, weights.Columns));
                active = [.. active.Where(channel => channel.EndSweep() > SmallestGain)];
            }
        });
}
