namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Scale and zero point of a block by weighted least squares for the codes that each of some scales gives.</summary>
/// <remarks>
/// The search of llama.cpp's k-quants: for inverse scales around that of the block's range, <c>(highest code − 1 + 0.1 i) / range</c>,
/// codes are rounded, and the scale and
/// the offset that fit them best follow from two equations. There the offset is rounded afterwards; here both whole zero points beside it
/// are tried,
/// each with codes and a scale of its own.
/// </remarks>
internal static class KQuant
{
    private const int Trials = 20;

    private const double FirstTrial = -1;

    private const double TrialStep = 0.1;

    /// <param name="gram">What the squared error of each column counts; null: the magnitude of the weight and what is typical of its
    /// block.</param>
    public static void Quantize(LowBitLayer layer, LayerGram? gram = null, int maximumThreads = -1) =>
        GridSearch.ForEachBlock(layer, gram?.Diagonal, maximumThreads, (weights, start) =>
        {
            if (gram is null)
                weights.CountByMagnitude();
            return start.Levels is { } levels ? FitScale(weights, new CodebookLevels(levels), start)
                : start.IsAsymmetric ? FitBoth(weights, start)
                : FitScale(weights, start.Uniform, start);
        });

    private static BlockGrid FitScale<TLevels>(BlockWeights weights, TLevels levels, BlockGrid start)
        where TLevels : struct, ILevels
    {
        BlockGrid best = start;
        double error = weights.ErrorOf(levels, start.Scale);
        for (int trial = 0; trial < Trials; trial++)
        {
            double codes = (start.HighestCode + 1) / 2;
            float scale = weights.FittedScale(levels, (float)(start.Scale * codes / (codes + FirstTrial + (TrialStep * trial))));
            if (weights.ErrorOf(levels, scale) is var tried && tried < error)
                (best, error) = (start with { Scale = scale }, tried);
        }
        return best;
    }

    private static BlockGrid FitBoth(BlockWeights weights, BlockGrid start)
    {
        BlockGrid best = start;
        double error = weights.ErrorOf(start.Uniform, start.Scale);
        double range = (double)weights.Highest - weights.Lowest;
        for (int trial = 0; trial < Trials; trial++)
        {
            double steps = (start.HighestCode + FirstTrial + (TrialStep * trial)) / range;
            (double slope, double offset) = FitLine(weights, steps, start.HighestCode);
            if (!(slope > 0))
                continue;
            int below = (int)Math.Clamp(Math.Floor(-offset / slope), 0, start.HighestCode);
            for (int zero = below; zero <= below + 1; zero++)
            {
                BlockGrid tried = start.WithZero(zero);
                tried = tried with { Scale = weights.FittedScale(tried.Uniform, (float)slope) };
                if (weights.ErrorOf(tried.Uniform, tried.Scale) is var triedError && triedError < error)
                    (best, error) = (tried, triedError);
            }
        }
        return best;
    }

    /// <summary><c>weight ≈ code · slope + offset</c> for the codes <c>round((weight − lowest) · steps)</c>.</summary>
    private static (double Slope, double Offset) FitLine(BlockWeights weights, double steps, int highestCode)
    {
        (double counts, double codes, double squares, double values, double products) = (0, 0, 0, 0, 0);
        for (int i = 0; i < weights.Values.Length; i++)
        {
            double count = weights.Importance[i];
            double value = weights.Values[i];
            double code = Math.Clamp(Math.Round((value - weights.Lowest) * steps), 0, highestCode);
            counts += count;
            codes += count * code;
            squares += count * code * code;
            values += count * value;
            products += count * code * value;
        }
        double determinant = (counts * squares) - (codes * codes);
        return determinant > 0
            ? (((counts * products) - (values * codes)) / determinant, ((squares * values) - (codes * products)) / determinant)
            : (0, 0);
    }
}
