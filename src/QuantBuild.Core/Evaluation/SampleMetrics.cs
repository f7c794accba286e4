using QuantBuild.Numerics;

namespace QuantBuild.Evaluation;

/// <summary>Metrics of one sample.</summary>
internal static class SampleMetrics
{
    /// <summary>Squared difference; everything is lost when the lengths differ, as those of lists of detections may.</summary>
    public static SquaredSums SquaredError(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        if (reference.Length == other.Length)
            return SquaredErrorKernel.Sum(reference, other);
        SquaredSums self = SquaredErrorKernel.Sum(reference, reference);
        return self with { Error = self.Signal };
    }

    /// <summary>Index of the largest value, the first of equals; NaN is never the largest; −1 when there is nothing else.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int best = -1;
        for (int i = 0; i < values.Length; i++)
            if (!float.IsNaN(values[i]) && (best < 0 || values[i] > values[best]))
                best = i;
        return best;
    }

    /// <summary>Cosine of the angle between two vectors: 1 when both are zero, 0 when one is, when the second holds values that are not finite, or when the lengths differ.</summary>
    public static double CosineSimilarity(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        if (reference.Length != other.Length)
            return 0;
        double product = 0;
        double referenceSquares = 0;
        double otherSquares = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            // Both models write the same infinities where they mask; they say nothing about the angle.
            if (!float.IsFinite(reference[i]) && reference[i].Equals(other[i]))
                continue;
            product += (double)reference[i] * other[i];
            referenceSquares += (double)reference[i] * reference[i];
            otherSquares += (double)other[i] * other[i];
        }
        if (referenceSquares == 0 && otherSquares == 0)
            return 1;
        double cosine = product / Math.Sqrt(referenceSquares * otherSquares);
        return double.IsFinite(cosine) ? Math.Clamp(cosine, -1, 1) : 0;
    }
}
