using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary><see cref="Gptq"/> for grids of few levels.</summary>
/// <remarks>With <see cref="LayerGram.Drift"/> it rounds, in place of w, the weights that would make up for it best: <c>w − G⁻¹·r₀</c>.</remarks>
internal static class LowBitGptq
{
    /// <summary>Writes <see cref="LowBitLayer.Codes"/>.</summary>
    /// <param name="order">Scales and zero points belong to blocks of neighbouring columns in any order.</param>
    public static void Round(LayerGram gram, LowBitLayer layer, ColumnOrder order = ColumnOrder.Natural, int maximumThreads = -1)
    {
        int[] columns = [.. Enumerable.Range(0, layer.Columns)];
        if (order == ColumnOrder.LargestFirst)
        {
            columns = [.. columns.OrderByDescending(column => gram.Diagonal[column]).ThenBy(column => column)];
            gram = gram.InOrder(columns);
        }
        bool searches = order == ColumnOrder.NaturalWithNewScales;
        float[] feedback = UnitUpperFactor.Of(gram, maximumThreads);
        ChannelTiles.ForEach(layer.Channels, maximumThreads, (first, end) =>
        {
            float[] aims = Aims(gram, layer, feedback, columns, first, end);
            ChannelRounding[] channels = [.. Enumerable.Range(first, end - first).Select(channel => new ChannelRounding(
                feedback, layer, channel, columns, aims.AsMemory((channel - first) * layer.Columns, layer.Columns), searches ? gram.Diagonal : null))];
            for (int start = 0; start < layer.Columns; start += RowSumKernel.BlockRows)
                foreach (ChannelRounding channel in channels)
                    channel.RoundTo(Math.Min(start + RowSumKernel.BlockRows, layer.Columns));
        });
    }

    /// <summary>What would be best if every number were a level: [channels, columns in their order].</summary>
    private static float[] Aims(LayerGram gram, LowBitLayer layer, float[] feedback, int[] order, int first, int end)
    {
        int columns = layer.Columns;
        var aims = new float[(end - first) * columns];
        for (int channel = first, to = 0; channel < end; channel++)
            foreach (int column in order)
                aims[to++] = layer.WeightsOf(channel)[column];
        if (gram.Drift is null)
            return aims;
        var shifts = new float[aims.Length];
        RowSumKernel.AddProduct(gram.Drift, columns, aims, shifts);
        UnitUpperFactor.Solve(feedback, columns, shifts);
        for (int i = 0; i < aims.Length; i++)
            aims[i] -= shifts[i];
        return aims;
    }

    /// <param name="aims">Of the channel; those that are not rounded yet take what is missing.</param>
    /// <param name="importance">By column: where a block begins, its scale is searched again; null: scales stay.</param>
    private sealed class ChannelRounding(
        float[] feedback, LowBitLayer layer, int channel, int[] order, ReadOnlyMemory<float> aims, float[]? importance)
    {
        private readonly float[] wanted = aims.ToArray();

        private readonly int[] rows = new int[RowSumKernel.BlockRows];

        private readonly float[] missing = new float[RowSumKernel.BlockRows];

        /// <summary>Columns that are rounded, and those of them whose error has reached all behind them.</summary>
        private int done;

        private int passed;

        public void RoundTo(int end)
        {
            for (; done < end; done++)
            {
                int column = order[done];
                if (importance is not null && column % layer.Grid.BlockColumns == 0)
                {
                    PassOn(end);
                    SearchBlock(column);
                }
                byte code = layer.Grid.Nearest(channel, column, wanted[done]);
                layer.CodesOf(channel)[column] = code;
                int pending = done - passed;
                rows[pending] = done;
                missing[pending] = aims.Span[done] - layer.Grid.ValueOf(channel, column, code);
                RowSumKernel.Add(feedback, layer.Columns, [done], [missing[pending]], done + 1, wanted.AsSpan((done + 1)..end));
            }
            PassOn(end);
        }

        /// <summary>Within the columns up to <paramref name="end"/> errors are passed on at once.</summary>
        private void PassOn(int end)
        {
            int pending = done - passed;
            RowSumKernel.Add(feedback, layer.Columns, rows.AsSpan(0, pending), missing.AsSpan(0, pending), end, wanted.AsSpan(end));
            passed = done;
        }

        private void SearchBlock(int start)
        {
            int length = Math.Min(layer.Grid.BlockColumns, layer.Columns - start);
            var weights = new BlockWeights(length);
            weights.Load(wanted.AsSpan(start, length), importance.AsSpan(start, length));
            BlockGrid grid = BlockGrid.MinMax(weights, layer.Grid, channel);
            if (!weights.IsZero)
                grid = GridSearch.Search(weights, grid);
            grid.Store(layer.Grid, layer.Grid.BlockOf(channel, start));
        }
    }
}

/// <summary>In which order columns are rounded, each after the errors of those before it.</summary>
internal enum ColumnOrder
{
    /// <summary>Their own.</summary>
    Natural,

    /// <summary>Their own; scales and zero points of a block are searched when its first column is reached, with the errors of those before it.</summary>
    NaturalWithNewScales,

    /// <summary>The columns that carry most first ("act-order"); scales and zero points stay ("static groups").</summary>
    LargestFirst,
}
