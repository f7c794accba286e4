using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction;

/// <summary>Learns for every weight of a channel at once whether it is rounded down or up (Nagel and others 2020).</summary>
/// <remarks>
/// <code>
/// ŵ = s · (l + step · h),  h = clip(1.2 σ(v) − 0.1, 0, 1),  σ(v) = (1 + v / (1 + |v|)) / 2
/// loss / s² = d·G·d / (mean of G's diagonal) + λ Σ (1 − |2h − 1|^β),   d = ŵ − w
/// </code>
/// The gradient with respect to h is <c>2 s step (G·d + r₀)</c>, so that an iteration costs one product with G whatever the number of rows. σ is the
/// algebraic one: the same on every machine. β falls from 16 to 2; before that λ is 0.
/// </remarks>
internal static class RoundingLearner
{
    private const int Iterations = 200;

    /// <summary>Iterations without regularization.</summary>
    private const int FreeIterations = 40;

    private const int IterationsOfFirstExponents = 40;

    /// <summary>Powers of two that β takes, one after the other: 16, 8, 4, 2.</summary>
    private const int LargestSquarings = 4;

    private const float Regularization = 0.02f;

    private const float LearningRate = 0.05f;

    private const float FirstDecay = 0.9f;

    private const float SecondDecay = 0.99f;

    private const float Tiny = 1e-8f;

    private const float Stretch = 1.2f;

    private const float Overhang = 0.1f;

    /// <param name="fractions">Where each weight lies between the level below, 0, and that above, 1: [channels, columns].</param>
    /// <param name="steps">From one to the other, in units of the channel's s: [channels, columns]; null: 1.</param>
    /// <param name="drift">See <see cref="LayerError.DriftOf"/>, in units of s; null: none.</param>
    /// <returns>True: up.</returns>
    public static bool[] Learn(LayerGram layer, float[] fractions, float[]? steps, float[]? drift)
    {
        int length = fractions.Length;
        float unit = 2 / layer.Diagonal.Average();
        var variables = new float[length];
        for (int i = 0; i < length; i++)
        {
            float bent = (((Math.Clamp(fractions[i], 0, 1) + Overhang) / Stretch) * 2) - 1;
            variables[i] = bent / (1 - Math.Abs(bent));
        }

        var differences = new float[length];
        var gradient = new float[length];
        var firstMoments = new float[length];
        var secondMoments = new float[length];
        float firstCorrection = 1;
        float secondCorrection = 1;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            for (int i = 0; i < length; i++)
            {
                differences[i] = Rectified(variables[i]) - fractions[i];
                gradient[i] = drift is null ? 0 : drift[i];
            }
            Multiply(differences, steps);
            RowSumKernel.AddProduct(layer.Gram, layer.Columns, differences, gradient);
            Multiply(gradient, steps);
            firstCorrection *= FirstDecay;
            secondCorrection *= SecondDecay;
            float regularization = iteration < FreeIterations ? 0 : Regularization;
            int squarings = Math.Max(1, LargestSquarings - ((iteration - FreeIterations) / IterationsOfFirstExponents));
            for (int i = 0; i < length; i++)
            {
                float v = variables[i];
                float h = Rectified(v);
                float bend = 1 + Math.Abs(v);
                float slope = h is 0 or 1 ? 0 : Stretch / 2 / (bend * bend);
                float total = ((gradient[i] * unit) - (regularization * SlopeOfCertainty(h, squarings))) * slope;
                firstMoments[i] = (FirstDecay * firstMoments[i]) + ((1 - FirstDecay) * total);
                secondMoments[i] = (SecondDecay * secondMoments[i]) + ((1 - SecondDecay) * total * total);
                variables[i] -= LearningRate * (firstMoments[i] / (1 - firstCorrection))
                    / (MathF.Sqrt(secondMoments[i] / (1 - secondCorrection)) + Tiny);
            }
        }

        return [.. variables.Select(v => Rectified(v) >= 0.5f)];
    }

    private static void Multiply(float[] values, float[]? factors)
    {
        for (int i = 0; i < factors?.Length; i++)
            values[i] *= factors[i];
    }

    private static float Rectified(float v) => Math.Clamp(((1 + (v / (1 + Math.Abs(v)))) / 2 * Stretch) - Overhang, 0, 1);

    /// <summary>Derivative of <c>|2h − 1|^β</c> with <c>β = 2^squarings</c>.</summary>
    private static float SlopeOfCertainty(float h, int squarings)
    {
        float distance = (2 * h) - 1;
        float power = distance;
        float square = distance * distance;
        for (int i = 1; i < squarings; i++)
        {
            power *= square;
            square *= square;
        }
        return 2 * (1 << squarings) * power;
    }
}
