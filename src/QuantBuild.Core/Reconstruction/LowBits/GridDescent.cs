using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary><see cref="CoordinateDescent"/> for grids of few levels.</summary>
internal static class GridDescent
{
    private const int MostSweeps = 12;

    /// <summary>A channel is done when a sweep gains less than this part of what all before it gained.</summary>
    private const double SmallestGain = 0.01;

    /// <summary>Changes <see cref="LowBitLayer.Codes"/> to ones of no larger error; scales stay.</summary>
    public static void Improve(LayerGram gram, LowBitLayer layer, int maximumThreads = -1) =>
        ChannelTiles.ForEach(layer.Channels, maximumThreads, (first, end) =>
        {
            float[] gradient = LayerError.GradientOf(gram, layer, first, end);
            Channel[] active = [.. Enumerable.Range(first, end - first).Select(channel =>
                new Channel(gram, layer, channel, gradient.AsMemory((channel - first) * layer.Columns, layer.Columns)))];
            for (int sweep = 0; sweep < MostSweeps && active.Length > 0; sweep++)
            {
                for (int start = 0; start < layer.Columns; start += RowSumKernel.BlockRows)
                    foreach (Channel channel in active)
                        channel.ImproveBlock(start, Math.Min(start + RowSumKernel.BlockRows, layer.Columns));
                active = [.. active.Where(channel => channel.EndSweep() > SmallestGain)];
            }
        });

    /// <param name="gradient">Half the gradient at the codes; kept up to date.</param>
    private sealed class Channel(LayerGram gram, LowBitLayer layer, int channel, Memory<float> gradient)
    {
        private readonly float narrowest = NarrowestStep(layer.Grid.LevelsOf(channel));

        private readonly int[] changed = new int[RowSumKernel.BlockRows];

        private readonly float[] changes = new float[RowSumKernel.BlockRows];

        private double gain;

        private double gainBefore;

        /// <returns>The gain of the sweep as a part of what all have gained; 0 without any.</returns>
        public double EndSweep()
        {
            gainBefore += gain;
            double part = gain > 0 ? gain / gainBefore : 0;
            gain = 0;
            return part;
        }

        public void ImproveBlock(int start, int end)
        {
            LevelGrid grid = layer.Grid;
            Span<float> slopes = gradient.Span;
            Span<byte> codes = layer.CodesOf(channel);
            int count = 0;
            for (int j = start; j < end; j++)
            {
                float curvature = gram.Diagonal[j];
                float slope = slopes[j];
                if (Math.Abs(slope) * 2 <= curvature * Math.Abs(grid.Scales[grid.BlockOf(channel, j)]) * narrowest)
                    continue;
                float value = grid.ValueOf(channel, j, codes[j]);
                byte code = grid.Nearest(channel, j, value - (slope / curvature));
                float step = grid.ValueOf(channel, j, code) - value;
                double gained = -step * ((2.0 * slope) + ((double)step * curvature));
                if (!(gained > 0))
                    continue;
                gain += gained;
                codes[j] = code;
                RowSumKernel.Add(gram.Gram, layer.Columns, [j], [step], start, slopes[start..end]);
                (changed[count], changes[count++]) = (j, step);
            }
            Pass(count, 0, start);
            Pass(count, end, layer.Columns);
        }

        private void Pass(int count, int start, int end) => RowSumKernel.Add(
            gram.Gram, layer.Columns, changed.AsSpan(0, count), changes.AsSpan(0, count), start, gradient.Span[start..end]);

        private static float NarrowestStep(float[]? levels)
        {
            float narrowest = levels is null ? 1 : float.PositiveInfinity;
            for (int i = 1; i < levels?.Length; i++)
                narrowest = Math.Min(narrowest, levels[i] - levels[i - 1]);
            return narrowest;
        }
    }
}
