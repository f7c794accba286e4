namespace QuantBuild.Equalization;

/// <summary>
/// Factors that move the extremes of an activation's channels into the weights that read them:
/// <c>x·W = (x / s)·(diag(s)·W)</c> with <c>s_j = max|x_j|^α / max_k|W_jk|^(1−α)</c> (SmoothQuant, Xiao and others 2022), with the α that costs the least.
/// </summary>
/// <remarks>
/// The cost is the expected error of the product, with rounding errors taken as even noise:
/// <code>
/// activation  Δ²/12 · Σ_j s_j² · |W_j|²                    Δ   = range of x / s, over 255
/// weights     Σ_k Δ_k²/12 · Σ_j E[x_j²] / s_j²             Δ_k = max_j |s_j · W_jk| / 127
/// </code>
/// </remarks>
internal static class SmoothingFactors
{
    private const int Steps = 20;
    private const double ActivationCodes = 255;
    private const double WeightCodes = 127;

    /// <param name="low">Smallest value of every channel.</param>
    /// <param name="high">Largest value of every channel.</param>
    /// <param name="squares">Mean square of every channel.</param>
    /// <param name="weights">[channels, outputs] of everything that reads the activation, side by side.</param>
    /// <returns>One factor per channel; null when nothing costs less than leaving everything as it is.</returns>
    public static float[]? Choose(float[] low, float[] high, double[] squares, float[][] weights, double gain)
    {
        int channels = low.Length;
        var norms = new double[channels];
        var largest = new double[channels];
        for (int j = 0; j < channels; j++)
            foreach (float weight in weights[j])
            {
                norms[j] += (double)weight * weight;
                largest[j] = Math.Max(largest[j], Math.Abs(weight));
            }
        double[] even = [.. Enumerable.Repeat(1.0, channels)];
        double plain = Cost(even);
        double best = plain;
        double[]? chosen = null;
        for (int step = 1; step <= Steps; step++)
        {
            double alpha = (double)step / Steps;
            var factors = new double[channels];
            for (int j = 0; j < channels; j++)
            {
                double range = Math.Max(Math.Abs(low[j]), Math.Abs(high[j]));
                factors[j] = range == 0 || largest[j] == 0 ? 1 : Math.Pow(range, alpha) / Math.Pow(largest[j], 1 - alpha);
            }
            double mean = Math.Exp(factors.Average(Math.Log));
            for (int j = 0; j < channels; j++)
                factors[j] = Math.Clamp(factors[j] / mean, 1e-3, 1e3);
            double cost = Cost(factors);
            if (cost < best)
                (best, chosen) = (cost, factors);
        }
        return chosen is null || best > plain * gain ? null : [.. chosen.Select(factor => (float)factor)];

        double Cost(double[] factors)
        {
            double bottom = 0, top = 0, activation = 0, power = 0;
            for (int j = 0; j < channels; j++)
            {
                bottom = Math.Min(bottom, low[j] / factors[j]);
                top = Math.Max(top, high[j] / factors[j]);
                activation += factors[j] * factors[j] * norms[j];
                power += squares[j] / (factors[j] * factors[j]);
            }
            double step = (top - bottom) / ActivationCodes;
            double rounding = 0;
            for (int k = 0; k < weights[0].Length; k++)
            {
                double most = 0;
                for (int j = 0; j < channels; j++)
                    most = Math.Max(most, Math.Abs(weights[j][k] * factors[j]));
                rounding += most * most / (WeightCodes * WeightCodes);
            }
            return (step * step * activation) + (rounding * power);
        }
    }
}
