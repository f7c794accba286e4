using QuantBuild.Numerics;

namespace QuantBuild.Evaluation;

/// <summary>Adds up how far the values of one tensor are apart in two models, batch by batch.</summary>
internal sealed class DifferenceTally
{
    private SquaredSums sums;
    private double product;
    private double otherSquares;
    private double largest;
    private long samples;
    private long agreeing;
    private bool hasChoice;

    /// <param name="shape">Of <paramref name="other"/>.</param>
    /// <param name="count">Real samples in the batch.</param>
    /// <param name="size">Samples in the batch, those included that only fill it up.</param>
    public void Add(ReadOnlySpan<float> reference, ReadOnlySpan<float> other, ReadOnlySpan<long> shape, int count, int size)
    {
        sums += SampleMetrics.SquaredError(reference, other);
        if (reference.Length != other.Length)
        {
            largest = double.PositiveInfinity;
            return;
        }
        for (int i = 0; i < reference.Length; i++)
        {
            // Both models write the same infinities where they mask.
            if (reference[i].Equals(other[i]) && !float.IsFinite(reference[i]))
                continue;
            product += (double)reference[i] * other[i];
            otherSquares += (double)other[i] * other[i];
            double difference = Math.Abs((double)reference[i] - other[i]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }
        int rows = shape.Length > 0 && shape[0] == size ? size : 1;
        int length = reference.Length / Math.Max(1, rows);
        hasChoice |= length > 1;
        for (int row = 0; row < Math.Min(rows, count) && length > 1; row++)
        {
            samples++;
            int chosen = SampleMetrics.IndexOfLargest(reference.Slice(row * length, length));
            agreeing += chosen == SampleMetrics.IndexOfLargest(other.Slice(row * length, length)) ? 1 : 0;
        }
    }

    public (double? SqnrDecibels, double CosineSimilarity, double MaxDifference, double? Agreement) Figures
    {
        get
        {
            double decibels = sums.SqnrDecibels;
            double cosine = sums.Signal == 0 && otherSquares == 0 ? 1 : product / Math.Sqrt(sums.Signal * otherSquares);
            return (
                double.IsFinite(decibels) ? decibels : null,
                double.IsFinite(cosine) ? Math.Clamp(cosine, -1, 1) : 0,
                double.IsFinite(largest) ? largest : double.MaxValue,
                hasChoice && samples > 0 ? (double)agreeing / samples : null);
        }
    }
}
