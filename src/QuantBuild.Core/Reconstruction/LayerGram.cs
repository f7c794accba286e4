using QuantBuild.Calibration;
using QuantBuild.Numerics;
using QuantBuild.Precision;

namespace QuantBuild.Reconstruction;

/// <summary>
/// Second moments of what a node reads, with x in float and x̂ as it is quantized: they turn the error of the node's output, summed over all rows, into
/// a function of the weights, <c>E(ŵ) = Σ (w·x − ŵ·x̂)² = ŵ·G·ŵ − 2 w·C·ŵ + …</c> with <c>G = Σ x̂ x̂ᵀ</c> and <c>C = Σ x x̂ᵀ</c>.
/// </summary>
/// <remarks>In units of the input's scale. With a bias, which takes up the mean error, both are taken about the means.</remarks>
internal sealed class LayerGram
{
    /// <summary>The float rows are rounded to such parts of a step, and reach one range beyond the codes.</summary>
    private const int Parts = 4;

    /// <summary>Damping, as a part of the mean of the diagonal; keeps what few rows happened to show from being learned by heart.</summary>
    private const double Damping = 0.01;

    private LayerGram(int columns, float[] gram, float[] cross, float[] mean, float[] quantizedMean)
    {
        Columns = columns;
        Gram = gram;
        Cross = cross;
        Mean = mean;
        QuantizedMean = quantizedMean;
    }

    public int Columns { get; }

    /// <summary>[columns, columns], symmetric, the damping on its diagonal.</summary>
    public float[] Gram { get; }

    /// <summary>[columns, columns]: x along the rows, x̂ along the columns; the damping on its diagonal.</summary>
    public float[] Cross { get; }

    /// <summary>Of x, in real units.</summary>
    public float[] Mean { get; }

    /// <summary>Of x̂, in real units.</summary>
    public float[] QuantizedMean { get; }

    /// <summary>One for every group.</summary>
    /// <param name="centered">True when the node has a bias.</param>
    /// <param name="share">0 to 1: how much of the error that comes from rounding the input the weights are to take back. That makes them smaller, as
    /// a least-squares fit to noisy data does, and adds up along deep models; what comes from rounding the weights is taken back whole.</param>
    public static LayerGram[] Of(InputRows rows, QuantizationParameters input, bool centered, double share)
    {
        var grams = new LayerGram[rows.Groups];
        int columns = rows.Columns;
        var quantized = new short[rows.Count * columns];
        var real = new short[rows.Count * columns];
        var gramSums = new long[columns * columns];
        var crossSums = new long[columns * columns];
        for (int group = 0; group < rows.Groups; group++)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> values = rows.Row(row, group);
                for (int column = 0; column < columns; column++)
                {
                    float steps = values[column] / input.Scale;
                    quantized[(row * columns) + column] =
                        (short)Math.Clamp(MathF.Round(steps, MidpointRounding.ToEven), -input.ZeroPoint, 255 - input.ZeroPoint);
                    real[(row * columns) + column] =
                        (short)Math.Clamp(MathF.Round(steps * Parts, MidpointRounding.ToEven), -GramKernel.LargestMagnitude + 1, GramKernel.LargestMagnitude - 1);
                }
            }
            Array.Clear(gramSums);
            Array.Clear(crossSums);
            GramKernel.AccumulateSymmetric(quantized, rows.Count, columns, gramSums);
            GramKernel.Accumulate(real, quantized, rows.Count, columns, crossSums);
            grams[group] = Of(gramSums, crossSums, Means(quantized, rows.Count, columns, 1), Means(real, rows.Count, columns, Parts), rows.Count, input.Scale, centered, share);
        }
        return grams;
    }

    private static LayerGram Of(
        long[] gramSums, long[] crossSums, double[] quantizedMean, double[] mean, int count, float scale, bool centered, double share)
    {
        int columns = mean.Length;
        var gram = new float[columns * columns];
        var cross = new float[columns * columns];
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < columns; j++)
            {
                gram[(i * columns) + j] = (float)(((double)gramSums[(i * columns) + j] / count) - (centered ? quantizedMean[i] * quantizedMean[j] : 0));
                cross[(i * columns) + j] = (float)((share * (((double)crossSums[(i * columns) + j] / Parts / count) - (centered ? mean[i] * quantizedMean[j] : 0)))
                    + ((1 - share) * gram[(i * columns) + j]));
            }
        double trace = 0;
        for (int i = 0; i < columns; i++)
            trace += gram[(i * columns) + i];
        float damping = (float)Math.Max(Damping * trace / columns, 1e-6);
        for (int i = 0; i < columns; i++)
        {
            gram[(i * columns) + i] += damping;
            cross[(i * columns) + i] += damping;
        }
        return new LayerGram(
            columns, gram, cross, [.. mean.Select(value => (float)(value * scale))], [.. quantizedMean.Select(value => (float)(value * scale))]);
    }

    private static double[] Means(short[] values, int count, int columns, double unit)
    {
        var sums = new long[columns];
        for (int i = 0; i < values.Length; i++)
            sums[i % columns] += values[i];
        return [.. sums.Select(sum => sum / unit / count)];
    }
}
