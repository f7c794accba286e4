namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>The scale of a block of weights for given levels.</summary>
internal static class BlockScale
{
    /// <summary>Scales that the search starts from, down to <see cref="SmallestShare"/> of the one that reaches the largest weight.</summary>
    private const int Candidates = 24;

    private const double SmallestShare = 0.25;

    private const float AlmostZero = 1e-30f;

    /// <summary>Rounds of nearest levels and best scale; most blocks are done after two or three.</summary>
    private const int MostRounds = 12;

    /// <summary>A block of zeros has 1 where there is a level for them, and otherwise one that makes all levels small.</summary>
    public static float Absmax(ReadOnlySpan<float> weights, LevelTable levels)
    {
        float largest = 0;
        foreach (float weight in weights)
            largest = Math.Max(largest, Math.Abs(weight));
        float scale = largest / levels.Largest;
        return float.IsNormal(scale) ? scale : levels.HasZero ? 1 : AlmostZero;
    }

    /// <summary>The best of several starts, each improved until nothing changes.</summary>
    public static float Search(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, LevelTable levels)
    {
        float widest = Absmax(weights, levels);
        float best = widest;
        double bestError = double.PositiveInfinity;
        double step = Math.Pow(SmallestShare, 1.0 / (Candidates - 1));
        foreach (int sign in levels.IsSymmetric ? [1] : new[] { 1, -1 })
            for (int i = 0; i < Candidates; i++)
            {
                float start = (float)(sign * widest * Math.Pow(step, i));
                (float scale, double error) = Refit(weights, importance, levels, start);
                if (error < bestError)
                    (best, bestError) = (scale, error);
            }
        return Improve(weights, importance, levels, best);
    }

    /// <summary>Nearest levels and best scale in turns.</summary>
    public static float Improve(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, LevelTable levels, float scale)
    {
        double error = double.PositiveInfinity;
        for (int round = 0; round < MostRounds; round++)
        {
            (float next, double nextError) = Refit(weights, importance, levels, scale);
            if (!(nextError < error))
                break;
            (scale, error) = (next, nextError);
        }
        return scale;
    }

    /// <summary>With t for the nearest levels at a scale, the best scale for them is <c>Σ w x t / Σ w t²</c>, and leaves <c>Σ w x² − (Σ w x t)² / Σ w t²</c>.</summary>
    private static (float Scale, double Error) Refit(ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, LevelTable levels, float scale)
    {
        float factor = 1 / scale;
        ReadOnlySpan<float> table = levels.Levels;
        double square = 0;
        double cross = 0;
        double energy = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double level = table[levels.NearestTo(weights[i] * factor)];
            double weighted = (double)importance[i] * weights[i];
            square += weighted * weights[i];
            cross += weighted * level;
            energy += importance[i] * level * level;
        }
        float best = (float)(cross / energy);
        return float.IsNormal(best) ? (best, square - (cross * cross / energy)) : (scale, square - (scale * ((2 * cross) - (scale * energy))));
    }
}
