namespace QuantBuild.Reconstruction.LowBits;

/// <summary>Half-quadratic quantization (Badri and Shaji 2023): without data, the zero point of each block by a norm that forgives a few
/// large errors.</summary>
/// <remarks>
/// <code>
/// min ‖w − s·(q − z)‖_p, p = 0.7:   e ← shrink(w − s·(q − z)),   z ← mean(q − (w − e) / s),   shrink(x) = sign(x) · max(|x| − |x|^(p−1) /
/// β, 0)
/// </code>
/// z is a real number until the end; then it is rounded, and codes are rounded once more. Where a grid has no zero points of its own the
/// scale takes
/// their place: <c>s ← Σ t·(w − e) / Σ t²</c> with the levels t.
/// </remarks>
internal static class Hqq
{
    private const int Rounds = 20;

    private const double Norm = 0.7;

    private const double FirstBeta = 10;

    private const double BetaGrowth = 1.01;

    public static void Quantize(LowBitLayer layer, int maximumThreads = -1) => GridSearch.ForEachBlock(
        layer, null, maximumThreads, (weights, start) => start.IsAsymmetric && start.Levels is null ? FindZero(weights, start) : FindScale(weights, start));

    private static BlockGrid FindZero(BlockWeights weights, BlockGrid start)
    {
        ReadOnlySpan<float> values = weights.Values;
        double scale = start.Scale;
        double zero = -weights.Lowest / scale;
        double best = zero;
        double smallest = double.PositiveInfinity;
        double beta = FirstBeta;
        for (int round = 0; round < Rounds; round++, beta *= BetaGrowth)
        {
            double error = 0;
            double sum = 0;
            foreach (float value in values)
            {
                double code = Math.Clamp(Math.Round((value / scale) + zero), 0, start.HighestCode);
                double difference = value - (scale * (code - zero));
                error += Math.Abs(difference);
                sum += code - ((value - Shrunk(difference, beta)) / scale);
            }
            if (!(error < smallest))
                break;
            (best, smallest) = (zero, error);
            zero = sum / values.Length;
        }
        return start.WithZero((int)Math.Clamp(Math.Round(best), 0, start.HighestCode));
    }

    private static BlockGrid FindScale(BlockWeights weights, BlockGrid start)
    {
        ReadOnlySpan<float> values = weights.Values;
        double scale = start.Scale;
        double best = scale;
        double smallest = double.PositiveInfinity;
        double beta = FirstBeta;
        for (int round = 0; round < Rounds; round++, beta *= BetaGrowth)
        {
            (double error, double products, double squares) = (0, 0, 0);
            foreach (float value in values)
            {
                double level = start.LevelNearest((float)(value / scale));
                double difference = value - (scale * level);
                error += Math.Abs(difference);
                products += level * (value - Shrunk(difference, beta));
                squares += level * level;
            }
            if (!(error < smallest))
                break;
            (best, smallest) = (scale, error);
            scale = (float)(products / squares);
            if (!BlockWeights.IsScale((float)scale))
                break;
        }
        return start with { Scale = (float)best };
    }

    private static double Shrunk(double value, double beta)
    {
        double magnitude = Math.Abs(value);
        return magnitude > 0 ? Math.Sign(value) * Math.Max(magnitude - (Math.Pow(magnitude, Norm - 1) / beta), 0) : 0;
    }
}
