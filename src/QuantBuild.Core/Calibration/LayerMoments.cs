using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>Second moments of the rows that a node multiplies with its weights, added up chunk by chunk: nothing grows with the number of rows.</summary>
/// <remarks>
/// <code>
/// Gram = mean of x̂ x̂ᵀ        Cross = mean of x x̂ᵀ
/// </code>
/// with x of the float model and x̂ of the quantized one; without a quantized model x̂ is x. A chunk is rounded to 12 bits of its largest value, so
/// that its sums are exact and neither threads nor vectors change a bit: with a largest value of 50 standard deviations that adds a four thousandth of the variance.
/// </remarks>
internal sealed class LayerMoments
{
    private const int Steps = GramKernel.LargestMagnitude - 1;

    private readonly double[] gram;
    private readonly double[]? cross;
    private readonly double[] sum;
    private readonly double[]? streamSum;

    /// <param name="hasStream">True when x̂ differs from x.</param>
    public LayerMoments(int groups, int columns, bool hasStream)
    {
        Groups = groups;
        Columns = columns;
        gram = new double[checked(groups * columns * columns)];
        sum = new double[groups * columns];
        if (hasStream)
        {
            cross = new double[gram.Length];
            streamSum = new double[sum.Length];
        }
    }

    public int Groups { get; }

    public int Columns { get; }

    /// <summary>Rows that were added.</summary>
    public long Count { get; private set; }

    /// <summary>[columns, columns] of a group.</summary>
    public double[] GramOf(int group) => Means(gram, group * Columns * Columns, Columns * Columns);

    /// <summary>[columns, columns] of a group, x first; null without a quantized model.</summary>
    public double[]? CrossOf(int group) => cross is null ? null : Means(cross, group * Columns * Columns, Columns * Columns);

    /// <summary>Of x.</summary>
    public double[] MeanOf(int group) => Means(sum, group * Columns, Columns);

    /// <summary>Of x̂.</summary>
    public double[] StreamMeanOf(int group) => Means(streamSum ?? sum, group * Columns, Columns);

    /// <param name="rows">x: [count, groups, columns].</param>
    /// <param name="stream">x̂, likewise; empty without a quantized model.</param>
    public void Add(ReadOnlySpan<float> rows, ReadOnlySpan<float> stream)
    {
        int length = Groups * Columns;
        int count = rows.Length / length;
        if (count == 0)
            return;
        Count += count;
        AddTo(sum, rows);
        short[] real = Round(rows, out double realStep);
        if (cross is null)
        {
            AddSymmetric(real, count, realStep);
            return;
        }
        AddTo(streamSum!, stream);
        short[] seen = Round(stream, out double seenStep);
        AddSymmetric(seen, count, seenStep);
        var sums = new long[cross.Length];
        GramKernel.AccumulateGroups(real, seen, count, Groups, Columns, sums);
        AddScaled(cross, sums, realStep * seenStep);
    }

    private void AddSymmetric(short[] rounded, int count, double step)
    {
        var sums = new long[gram.Length];
        if (Groups == 1)
            GramKernel.AccumulateSymmetric(rounded, count, Columns, sums);
        else
            GramKernel.AccumulateGroups(rounded, rounded, count, Groups, Columns, sums);
        AddScaled(gram, sums, step * step);
    }

    private static void AddScaled(double[] total, long[] sums, double factor)
    {
        for (int i = 0; i < sums.Length; i++)
            total[i] += sums[i] * factor;
    }

    private static void AddTo(double[] sums, ReadOnlySpan<float> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            sums[i % sums.Length] += rows[i];
    }

    private static short[] Round(ReadOnlySpan<float> values, out double step)
    {
        float largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, Math.Abs(value));
        step = largest > 0 ? largest / (double)Steps : 1;
        var rounded = new short[values.Length];
        float inverse = (float)(1 / step);
        for (int i = 0; i < rounded.Length; i++)
            rounded[i] = (short)Math.Clamp(MathF.Round(values[i] * inverse), -Steps, Steps);
        return rounded;
    }

    private double[] Means(double[] sums, int start, int length)
    {
        var means = new double[length];
        for (int i = 0; i < length; i++)
            means[i] = sums[start + i] / Math.Max(1, Count);
        return means;
    }
}
