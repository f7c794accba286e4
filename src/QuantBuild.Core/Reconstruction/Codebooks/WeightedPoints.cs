using System.Runtime.InteropServices;

namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>Numbers on a line, and how much an error of each counts: all that the best codebook for them depends on.</summary>
internal sealed class WeightedPoints
{
    /// <summary>Longer lists are put into bins, each of which is then one point at its mean.</summary>
    internal const int MostPoints = 1 << 14;

    /// <summary>Of bins on one side of zero.</summary>
    private const int HalfBins = MostPoints / 2;

    private WeightedPoints(double[] values, double[] weights, double withinBins)
    {
        Values = values;
        Weights = weights;
        WithinBins = withinBins;
    }

    /// <summary>Ascending, each once.</summary>
    public double[] Values { get; }

    /// <summary>Of each of <see cref="Values"/>; above 0.</summary>
    public double[] Weights { get; }

    /// <summary>Squared distances of the numbers from the points that stand for them, weighted: a part of the error of every codebook.</summary>
    public double WithinBins { get; }

    /// <param name="values">Finite.</param>
    /// <param name="weights">One for each value, not negative; empty when all count the same. What has no weight is no point.</param>
    public static WeightedPoints Of(ReadOnlySpan<float> values, ReadOnlySpan<double> weights) =>
        values.Length <= MostPoints ? Exact(values, weights) : Binned(values, weights);

    /// <summary>The points of both, in bins where they are too many.</summary>
    public static WeightedPoints Join(WeightedPoints left, WeightedPoints right)
    {
        double[] values = [.. left.Values, .. right.Values];
        double[] weights = [.. left.Weights, .. right.Weights];
        Array.Sort(values, weights);
        int perBin = (values.Length + MostPoints - 1) / MostPoints;
        var points = new List<double>();
        var pointWeights = new List<double>();
        double within = left.WithinBins + right.WithinBins;
        for (int start = 0; start < values.Length;)
        {
            int end = start + 1;
            while (end < values.Length && (values[end] == values[start] || (end - start < perBin && Math.Sign(values[end]) == Math.Sign(values[start]))))
                end++;
            double weight = weights.AsSpan(start, end - start).ToArray().Sum();
            double mean = 0;
            for (int i = start; i < end; i++)
                mean += values[i] * (weights[i] / weight);
            if (values[start] == values[end - 1])
                mean = values[start];
            for (int i = start; i < end; i++)
                within += weights[i] * (values[i] - mean) * (values[i] - mean);
            points.Add(mean);
            pointWeights.Add(weight);
            start = end;
        }
        return new WeightedPoints([.. points], [.. pointWeights], within);
    }

    internal static WeightedPoints Exact(ReadOnlySpan<float> values, ReadOnlySpan<double> weights)
    {
        float[] sorted = values.ToArray();
        double[] sortedWeights = weights.ToArray();
        if (sortedWeights.Length == 0)
            Array.Sort(sorted);
        else
            Array.Sort(sorted, sortedWeights);
        var points = new List<double>();
        var pointWeights = new List<double>();
        for (int i = 0; i < sorted.Length; i++)
        {
            double weight = sortedWeights.Length == 0 ? 1 : sortedWeights[i];
            if (weight <= 0)
                continue;
            if (points.Count > 0 && points[^1] == sorted[i])
            {
                CollectionsMarshal.AsSpan(pointWeights)[^1] += weight;
            }
            else
            {
                points.Add(sorted[i]);
                pointWeights.Add(weight);
            }
        }
        return new WeightedPoints([.. points], [.. pointWeights], 0);
    }

    /// <summary>Bins are as wide as the square root of the distance from zero is high: fine where weights are many, and a few large ones do not coarsen the rest.</summary>
    internal static WeightedPoints Binned(ReadOnlySpan<float> values, ReadOnlySpan<double> weights)
    {
        double largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, Math.Abs(value));
        double factor = largest > 0 ? 1 / largest : 0;
        var sums = new double[2 * HalfBins];
        var means = new double[2 * HalfBins];
        var squares = new double[2 * HalfBins];
        for (int i = 0; i < values.Length; i++)
        {
            double weight = weights.Length == 0 ? 1 : weights[i];
            if (weight <= 0)
                continue;
            int bin = BinOf(values[i], factor);
            sums[bin] += weight;
            double step = values[i] - means[bin];
            means[bin] += step * (weight / sums[bin]);
            squares[bin] += weight * step * (values[i] - means[bin]);
        }
        int[] filled = [.. Enumerable.Range(0, sums.Length).Where(bin => sums[bin] > 0)];
        return new WeightedPoints([.. filled.Select(bin => means[bin])], [.. filled.Select(bin => sums[bin])], filled.Sum(bin => squares[bin]));
    }

    /// <summary>What the levels leave, with every point at the nearest.</summary>
    /// <param name="levels">Ascending, at least one.</param>
    public double ErrorOf(ReadOnlySpan<float> levels)
    {
        double error = WithinBins;
        int nearest = 0;
        for (int i = 0; i < Values.Length; i++)
        {
            while (nearest + 1 < levels.Length && Math.Abs(levels[nearest + 1] - Values[i]) <= Math.Abs(levels[nearest] - Values[i]))
                nearest++;
            double distance = levels[nearest] - Values[i];
            error += Weights[i] * distance * distance;
        }
        return error;
    }

    /// <summary>Zero has a bin of its own, so that no point stands for both signs.</summary>
    private static int BinOf(float value, double factor)
    {
        if (value == 0)
            return HalfBins;
        int distance = Math.Min((int)(Math.Sqrt(Math.Abs(value) * factor) * (HalfBins - 1)), HalfBins - 2);
        return value > 0 ? HalfBins + 1 + distance : HalfBins - 1 - distance;
    }
}
