using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary><see cref="Gptq"/> for grids of few levels.</summary>
/// <remarks>With <see cref="LayerGram.Drift"/> it rounds, in place of w, the weights that would make up for it best: <c>w −
/// G⁻¹·r₀</c>.</remarks>
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
            float[] wanted = [.. aims];
            var missing = new float[(end - first) * RowSumKernel.BlockRows];
            for (int start = 0, next; start < layer.Columns; start = next)
            {
                next = Math.Min(start + StepColumns(layer, start, searches), layer.Columns);
                int length = next - start;
                for (int channel = first; channel < end; channel++)
                {
                    int index = channel - first;
                    Span<float> ofChannel = wanted.AsSpan(index * layer.Columns, layer.Columns);
                    ReadOnlySpan<float> aim = aims.AsSpan((index * layer.Columns) + start, length);
                    Span<float> left = missing.AsSpan(index * length, length);
                    for (int i = 0; i < length; i++)
                    {
                        int column = columns[start + i];
                        if (searches && column % layer.Grid.BlockColumns == 0)
                            SearchBlock(layer, channel, column, ofChannel, gram.Diagonal);
                        byte code = layer.Grid.Nearest(channel, column, ofChannel[start + i]);
                        layer.CodesOf(channel)[column] = code;
                        left[i] = aim[i] - layer.Grid.ValueOf(channel, column, code);
                        RowSumKernel.Add(
                            feedback, layer.Columns, [start + i], left.Slice(i, 1), start + i + 1, ofChannel[(start + i + 1)..next]);
                    }
                }
                RowSumKernel.AddProduct(
                    feedback, layer.Columns, new MatrixPart(start, length, next, layer.Columns - next), missing.AsSpan(0, (end - first) * length),
                    wanted.AsSpan(next), layer.Columns);
            }
        });
    }

    /// <summary>Errors reach columns beyond these when all of them are rounded. A block that is searched has to know all errors before it:
    /// it lies
    /// within such columns or begins with them.</summary>
    private static int StepColumns(LowBitLayer layer, int start, bool searches)
    {
        int block = layer.Grid.BlockColumns;
        if (!searches)
            return RowSumKernel.BlockRows;
        return block <= RowSumKernel.BlockRows ? RowSumKernel.BlockRows / block * block : Math.Min(RowSumKernel.BlockRows, block - (start % block));
    }

    private static void SearchBlock(LowBitLayer layer, int channel, int start, ReadOnlySpan<float> wanted, float[] importance)
    {
        int length = Math.Min(layer.Grid.BlockColumns, layer.Columns - start);
        var weights = new BlockWeights(length);
        weights.Load(wanted.Slice(start, length), importance.AsSpan(start, length));
        BlockGrid grid = BlockGrid.MinMax(weights, layer.Grid, channel);
        if (!weights.IsZero)
            grid = GridSearch.Search(weights, grid);
        grid.Store(layer.Grid, layer.Grid.BlockOf(channel, start));
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
}

/// <summary>In which order columns are rounded, each after the errors of those before it.</summary>
internal enum ColumnOrder
{
    /// <summary>Their own.</summary>
    Natural,

    /// <summary>Their own; scales and zero points of a block are searched when its first column is reached, with the errors of those
    /// before it.</summary>
    NaturalWithNewScales,

    /// <summary>The columns that carry most first ("act-order"); scales and zero points stay ("static groups").</summary>
    LargestFirst,
}
