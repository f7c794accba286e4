using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>Grids of levels for the weights of a matrix: given levels with scales for them, or levels and scales fitted together.</summary>
internal static class CodebookGrid
{
    /// <summary>Rounds of best scales for the levels and best levels for the scales.</summary>
    private const int MostRounds = 6;

    /// <summary>Smaller gains end the rounds, as a part of the error.</summary>
    private const double SmallestGain = 1e-3;

    /// <summary>For levels that are known, as those of NF4.</summary>
    /// <param name="levels">Ascending; 1 to 2^bits.</param>
    public static LevelGrid Of(WeightedRows rows, CodebookPlan plan, float[] levels, int maximumThreads = -1)
    {
        float[] padded = LevelTable.Padded(levels, plan.Bits);
        var scales = new BlockScales(rows, BlockColumnsOf(rows, plan));
        var table = new LevelTable(levels);
        scales.ForEachChannel(0, rows.Channels, maximumThreads, channel => scales.Start(channel, table, plan.Scales));
        return GridOf(rows, plan, scales, [padded]);
    }

    /// <summary>With levels of its own for every group of channels. These start where one codebook for all has ended, so that they are never worse.</summary>
    public static LevelGrid Fit(WeightedRows rows, CodebookPlan plan, int maximumThreads = -1)
    {
        if (plan is { WholeNumbers: true, Scales: ScaleRule.One })
            throw new ArgumentException("Levels that are whole numbers need scales.", nameof(plan));
        int group = plan.ChannelsPerCodebook == 0 ? rows.Channels : plan.ChannelsPerCodebook;
        int groups = (rows.Channels + group - 1) / group;
        var scales = new BlockScales(rows, BlockColumnsOf(rows, plan));
        Start(plan, scales, rows.Channels, maximumThreads);
        float[][] codebooks = [Alternate(plan, scales, 0, rows.Channels, isFirst: true, maximumThreads)];
        if (groups > 1)
        {
            codebooks = new float[groups][];
            var options = new ParallelOptions { MaxDegreeOfParallelism = maximumThreads };
            Parallel.For(0, groups, options, i =>
                codebooks[i] = Alternate(plan, scales, i * group, Math.Min((i + 1) * group, rows.Channels), isFirst: false, maximumThreads: 1));
        }
        if (plan.Scales is not ScaleRule.One)
        {
            LevelTable[] tables = [.. codebooks.Select(levels => new LevelTable(levels))];
            for (int channel = 0; channel < rows.Channels; channel++)
                scales.SettleZeros(channel, tables[channel / group]);
        }
        return GridOf(rows, plan, scales, [.. codebooks.Select(levels => LevelTable.Padded(levels, plan.Bits))]) with
        {
            CodebookOfChannel = groups == 1 ? null : [.. Enumerable.Range(0, rows.Channels).Select(channel => channel / group)],
        };
    }

    private static void Start(CodebookPlan plan, BlockScales scales, int channels, int maximumThreads)
    {
        float largest = plan.WholeNumbers ? KMeansCodebook.WholeLimit : 1;
        var widest = new LevelTable([-largest, largest]);
        ScaleRule rule = plan.Scales is ScaleRule.One ? ScaleRule.One : ScaleRule.Absmax;
        scales.ForEachChannel(0, channels, maximumThreads, channel => scales.Start(channel, widest, rule));
    }

    /// <param name="isFirst">True: the first scales are searched without regard to those that are there.</param>
    private static float[] Alternate(CodebookPlan plan, BlockScales scales, int first, int end, bool isFirst, int maximumThreads)
    {
        float[] levels = LevelsFor(plan, scales.Points(first, end), out double error);
        for (int round = 0; round < MostRounds && plan.Scales is ScaleRule.LeastSquares && error > 0 && levels is not [0]; round++)
        {
            float[] scalesBefore = scales.Of(first, end).ToArray();
            var table = new LevelTable(levels);
            bool searches = isFirst && round == 0;
            scales.ForEachChannel(first, end, maximumThreads, channel =>
            {
                if (searches)
                    scales.Start(channel, table, ScaleRule.LeastSquares);
                else
                    scales.Improve(channel, table);
            });
            float[] next = LevelsFor(plan, scales.Points(first, end), out double nextError);
            if (nextError > error)
            {
                scalesBefore.CopyTo(scales.Of(first, end));
                break;
            }
            bool isDone = nextError > error * (1 - SmallestGain);
            (levels, error) = (next, nextError);
            if (isDone)
                break;
        }
        return levels;
    }

    private static float[] LevelsFor(CodebookPlan plan, WeightedPoints points, out double error)
    {
        float[] levels = KMeansCodebook.Fit(points, plan.Entries, plan.KeepZero, plan.WholeNumbers);
        error = points.ErrorOf(levels);
        return levels;
    }

    private static int BlockColumnsOf(WeightedRows rows, CodebookPlan plan) => plan.BlockColumns == 0 ? rows.Columns : Math.Min(plan.BlockColumns, rows.Columns);

    private static LevelGrid GridOf(WeightedRows rows, CodebookPlan plan, BlockScales scales, float[][] codebooks) =>
        new(plan.Bits, rows.Channels, rows.Columns, scales.BlockColumns) { Scales = scales.Values, Codebooks = codebooks };
}
