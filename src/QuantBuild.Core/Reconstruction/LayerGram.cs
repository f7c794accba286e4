using System.Runtime.Intrinsics;
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
    internal const double Damping = 0.01;

    private const double SmallestDamping = 1e-6;

    /// <param name="gram">[columns, columns], symmetric, without damping; changed.</param>
    /// <param name="damping">As a part of the mean of the diagonal.</param>
    /// <param name="smallestDamping">In units of the diagonal.</param>
    internal LayerGram(
        float[] gram, float[]? drift, float[] mean, float[] quantizedMean, double damping = Damping, double smallestDamping = SmallestDamping)
    {
        Columns = mean.Length;
        Gram = gram;
        Drift = drift;
        Mean = mean;
        QuantizedMean = quantizedMean;
        Diagonal = new float[Columns];
        double trace = 0;
        for (int i = 0; i < Columns; i++)
            trace += gram[(i * Columns) + i];
        float added = (float)Math.Max(damping * trace / Columns, smallestDamping);
        for (int i = 0; i < Columns; i++)
            Diagonal[i] = gram[(i * Columns) + i] += added;
    }

    public int Columns { get; }

    /// <summary>[columns, columns], symmetric, the damping on its diagonal: a column that is always the same has nothing else.</summary>
    public float[] Gram { get; }

    /// <summary>Of <see cref="Gram"/>.</summary>
    public float[] Diagonal { get; }

    /// <summary>The part of the input's rounding that the weights are to take back, <c>share · Σ (x̂ − x) x̂ᵀ</c>, without damping: [columns, columns]; null with a share of 0.</summary>
    public float[]? Drift { get; }

    /// <summary>Of x, in real units.</summary>
    public float[] Mean { get; }

    /// <summary>Of x̂, in real units.</summary>
    public float[] QuantizedMean { get; }

    /// <summary>The same with the columns in another order.</summary>
    /// <param name="order">For every column of the result one of this.</param>
    public LayerGram InOrder(ReadOnlySpan<int> order)
    {
        float[]? drift = Drift is null ? null : Reordered(Drift, order);
        var means = new float[Columns];
        var quantizedMeans = new float[Columns];
        for (int i = 0; i < Columns; i++)
            (means[i], quantizedMeans[i]) = (Mean[order[i]], QuantizedMean[order[i]]);
        return new LayerGram(Reordered(Gram, order), drift, means, quantizedMeans, damping: 0, smallestDamping: 0);
    }

    /// <summary>Of inputs that are divided by something, as weights are multiplied with it.</summary>
    /// <param name="divisors">One per column, above 0.</param>
    public LayerGram DividedBy(ReadOnlySpan<float> divisors)
    {
        float[]? drift = Drift is null ? null : Divided(Drift, divisors);
        var means = new float[Columns];
        var quantizedMeans = new float[Columns];
        for (int i = 0; i < Columns; i++)
            (means[i], quantizedMeans[i]) = (Mean[i] / divisors[i], QuantizedMean[i] / divisors[i]);
        return new LayerGram(Divided(Gram, divisors), drift, means, quantizedMeans, damping: 0, smallestDamping: 0);
    }

    /// <summary>Of the errors of two layers together, the weights of the second of which are the factor times those of the first.</summary>
    public LayerGram With(LayerGram second, float factor)
    {
        float square = factor * factor;
        return new LayerGram(
            [.. Gram.Zip(second.Gram, (own, other) => own + (square * other))],
            Drift is null || second.Drift is null ? null : [.. Drift.Zip(second.Drift, (own, other) => own + (square * other))],
            Mean, QuantizedMean, damping: 0, smallestDamping: 0);
    }

    private static float[] Divided(float[] matrix, ReadOnlySpan<float> divisors)
    {
        var divided = new float[matrix.Length];
        for (int row = 0, i = 0; row < divisors.Length; row++)
            for (int column = 0; column < divisors.Length; column++, i++)
                divided[i] = matrix[i] / (divisors[row] * divisors[column]);
        return divided;
    }

    private static float[] Reordered(float[] matrix, ReadOnlySpan<int> order)
    {
        var reordered = new float[matrix.Length];
        for (int i = 0, to = 0; i < order.Length; i++)
            foreach (int column in order)
                reordered[to++] = matrix[(order[i] * order.Length) + column];
        return reordered;
    }

    /// <summary>One for every group.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="centered">True when the node has a bias.</param>
    /// <param name="share">0 to 1: how much of the error that comes from rounding the input the weights are to take back. That makes them smaller, as
    /// a least-squares fit to noisy data does, and adds up along deep models; what comes from rounding the weights is taken back whole.</param>
    /// <param name="maximumThreads">−1 for as many as there are processors.</param>
    /// <param name="stream">The same rows as the quantized model has them; null: x̂ is x as it is quantized.</param>
    public static LayerGram[] Of(
        InputRows rows, QuantizationParameters input, bool centered, double share, int maximumThreads = -1, InputRows? stream = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        int columns = rows.Columns;
        int rowLength = rows.Groups * columns;
        int length = rows.Count * rowLength;
        var quantized = new short[length];
        short[] real = share > 0 ? new short[length] : [];
        var options = new ParallelOptions { MaxDegreeOfParallelism = maximumThreads };
        Parallel.For(0, rows.Count, options, row =>
        {
            Range ofRow = (row * rowLength)..((row + 1) * rowLength);
            Round((stream ?? rows).Values.AsSpan(ofRow), input.Scale, -input.ZeroPoint, 255 - input.ZeroPoint, quantized.AsSpan(ofRow));
            if (share > 0)
                Round(rows.Values.AsSpan(ofRow), input.Scale, -GramKernel.LargestMagnitude + 1, GramKernel.LargestMagnitude - 1, real.AsSpan(ofRow), Parts);
        });

        int size = columns * columns;
        var gramSums = new long[rows.Groups * size];
        var crossSums = new long[share > 0 ? gramSums.Length : 0];
        if (rows.Groups == 1)
            GramKernel.AccumulateSymmetric(quantized, rows.Count, columns, gramSums, maximumThreads);
        else
            GramKernel.AccumulateGroups(quantized, quantized, rows.Count, rows.Groups, columns, gramSums, maximumThreads);
        if (share > 0)
            GramKernel.AccumulateGroups(real, quantized, rows.Count, rows.Groups, columns, crossSums, maximumThreads);

        double[] quantizedMean = Means(quantized, rows.Count, rowLength, 1);
        double[] mean = Means(rows.Values, rows.Count, rowLength, input.Scale);
        double[] realMean = share > 0 ? Means(real, rows.Count, rowLength, Parts) : [];
        var grams = new LayerGram[rows.Groups];
        Parallel.For(0, rows.Groups, options, group =>
        {
            Range ofGroup = (group * columns)..((group + 1) * columns);
            float[] gram = Moments(gramSums.AsMemory(group * size, size), rows.Count, quantizedMean[ofGroup], quantizedMean[ofGroup], centered, options);
            float[]? drift = null;
            if (share > 0)
            {
                float[] cross = Moments(
                    crossSums.AsMemory(group * size, size), (double)rows.Count * Parts, realMean[ofGroup], quantizedMean[ofGroup], centered, options);
                drift = [.. gram.Zip(cross, (whole, part) => (float)(share * (whole - part)))];
            }
            grams[group] = new LayerGram(gram, drift, Real(mean[ofGroup], input.Scale), Real(quantizedMean[ofGroup], input.Scale));
        });
        return grams;
    }

    /// <summary>clamp(round(x / scale · parts))</summary>
    private static void Round(ReadOnlySpan<float> values, float scale, int lowest, int highest, Span<short> rounded, int parts = 1)
    {
        int i = 0;
        Vector256<float> scales = Vector256.Create(scale);
        Vector256<float> factors = Vector256.Create((float)parts);
        Vector256<float> low = Vector256.Create((float)lowest);
        Vector256<float> high = Vector256.Create((float)highest);
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> steps = Vector256.Round(Vector256.Create(values[i..]) / scales * factors);
            Vector256<int> codes = Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(steps, low), high));
            Vector128.Narrow(codes.GetLower(), codes.GetUpper()).CopyTo(rounded[i..]);
        }
        for (; i < values.Length; i++)
            rounded[i] = (short)Math.Clamp(MathF.Round(values[i] / scale * parts, MidpointRounding.ToEven), lowest, highest);
    }

    /// <summary>Means of products, less the products of the means when they are centered.</summary>
    private static float[] Moments(ReadOnlyMemory<long> sums, double count, double[] left, double[] right, bool centered, ParallelOptions options)
    {
        int columns = left.Length;
        var moments = new float[sums.Length];
        if (columns < RowSumKernel.BlockRows)
        {
            for (int i = 0; i < columns; i++)
                FillRow(i);
        }
        else
        {
            Parallel.For(0, columns, options, FillRow);
        }
        return moments;

        void FillRow(int i)
        {
            ReadOnlySpan<long> from = sums.Span.Slice(i * columns, columns);
            double factor = centered ? left[i] : 0;
            for (int j = 0; j < from.Length; j++)
                moments[(i * columns) + j] = (float)((from[j] / count) - (factor * right[j]));
        }
    }

    /// <param name="unit">What a value of 1 stands for in the result.</param>
    private static double[] Means<T>(T[] values, int rows, int rowLength, double unit)
        where T : struct, System.Numerics.INumber<T>
    {
        var sums = new double[rowLength];
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < rowLength; i++)
                sums[i] += double.CreateTruncating(values[(row * rowLength) + i]);
        return [.. sums.Select(sum => sum / unit / rows)];
    }

    private static float[] Real(double[] steps, float scale) => [.. steps.Select(value => (float)(value * scale))];
}
