namespace QuantBuild.Benchmarks.Builds;

/// <summary>What one sample scores, 1 being best.</summary>
/// <param name="reference">Of the float model.</param>
/// <param name="predictions">Of the model that is judged, which may be the float model itself.</param>
internal delegate double SampleScore(Predictions reference, Predictions predictions, int sample);

/// <param name="Name">As reports name it.</param>
/// <param name="IsRightOrWrong">Whether scores are 0 and 1.</param>
internal sealed record TaskMetric(string Name, SampleScore Score, bool IsRightOrWrong = false)
{
    /// <summary>Mean over the outputs; 1 for the float model itself.</summary>
    public static readonly TaskMetric CosineSimilarity = new("CosineSimilarity", (reference, predictions, sample) =>
        Enumerable.Range(0, predictions.Outputs.Count).Average(output => Cosine(reference.Of(output, sample), predictions.Of(output, sample))));

    /// <summary>1 when the first output, one probability, decides as the float model's does. Two numbers have no angle between them.</summary>
    public static readonly TaskMetric Decisions = new("Decisions", (reference, predictions, sample) =>
        reference.Of(0, sample)[0] >= 0.5f == predictions.Of(0, sample)[0] >= 0.5f ? 1 : 0, IsRightOrWrong: true);

    /// <summary>1 when the largest value of the first output is at the sample's label.</summary>
    public static TaskMetric Top1(long[] labels) => new("Top1", (_, predictions, sample) =>
        IndexOfLargest(predictions.Of(0, sample)) == labels[sample] ? 1 : 0, IsRightOrWrong: true);

    /// <summary>The first of equal ones.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[largest])
                largest = i;
        return largest;
    }

    private static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double product = 0, leftSquares = 0, rightSquares = 0;
        for (int i = 0; i < left.Length; i++)
        {
            product += (double)left[i] * right[i];
            leftSquares += (double)left[i] * left[i];
            rightSquares += (double)right[i] * right[i];
        }
        return product / Math.Sqrt(leftSquares * rightSquares);
    }
}
