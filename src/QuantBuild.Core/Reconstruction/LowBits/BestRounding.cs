namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The default: scales by weighted search, codes by <see cref="LowBitGptq"/> in every order, for each channel the best of them;
/// then
/// <see cref="GridDescent"/> and <see cref="ScaleRefit"/> in turn for as long as both together gain.</summary>
internal static class BestRounding
{
    private const int MostRounds = 4;

    /// <summary>Part of the error of all channels that a round has to gain for another one.</summary>
    private const double SmallestGain = 0.005;

    /// <summary>A large layer's rounds take longest; the first gains ten times what all others do.</summary>
    private const int MostQuickRounds = 1;

    private static readonly ColumnOrder[] Orders = [ColumnOrder.Natural, ColumnOrder.LargestFirst, ColumnOrder.NaturalWithNewScales];

    /// <summary>The order that is best for most channels by itself.</summary>
    private static readonly ColumnOrder[] QuickOrders = [ColumnOrder.NaturalWithNewScales];

    /// <summary>Sets codes, scales and zero points.</summary>
    /// <param name="isQuick">A quarter of the time for less than 0.1 dB.</param>
    /// <returns>The error of each channel; see <see cref="LayerError"/>.</returns>
    public static double[] Round(LayerGram gram, LowBitLayer layer, int maximumThreads = -1, bool isQuick = false)
    {
        GridSearch.Weighted(layer, gram, maximumThreads);
        LowBitLayer start = layer.Copy();
        double[] errors = LayerError.Of(gram, layer, maximumThreads);
        foreach (ColumnOrder order in isQuick ? QuickOrders : Orders)
        {
            LowBitLayer tried = start.Copy();
            LowBitGptq.Round(gram, tried, order, maximumThreads);
            layer.TakeBetter(tried, errors, LayerError.Of(gram, tried, maximumThreads));
        }
        return Polish(gram, layer, errors, maximumThreads, isQuick ? MostQuickRounds : MostRounds);
    }

    /// <summary>From the codes and scales that a layer has to ones of no larger error.</summary>
    /// <param name="errors">Of the channels as they are.</param>
    /// <returns>Those of the channels as they become.</returns>
    public static double[] Polish(LayerGram gram, LowBitLayer layer, double[] errors, int maximumThreads = -1, int mostRounds = MostRounds)
    {
        for (int round = 0; round < mostRounds; round++)
        {
            LowBitLayer tried = layer.Copy();
            GridDescent.Improve(gram, tried, maximumThreads);
            ScaleRefit.Fit(gram, tried, maximumThreads);
            double before = errors.Sum();
            layer.TakeBetter(tried, errors, LayerError.Of(gram, tried, maximumThreads));
            if (!(before - errors.Sum() > SmallestGain * Math.Abs(before)))
                break;
        }
        return errors;
    }
}
