namespace QuantBuild.Benchmarks.Builds;

/// <summary>Two models on the same samples, judged by arithmetic that shares nothing with the product's.</summary>
/// <param name="Metric">As reports name it.</param>
/// <param name="HalfInterval">Half of the width of the 95 % confidence interval of the drop, paired.</param>
/// <param name="SqnrDecibels">Power of the float outputs over the power of the difference.</param>
internal sealed record Comparison(string Metric, double Float, double Quantized, double HalfInterval, double SqnrDecibels)
{
    /// <summary>Two-sided 95 % quantile of the normal distribution.</summary>
    private const double Quantile95 = 1.959964;

    public double Drop => Float - Quantized;

    public static Comparison Of(Predictions reference, Predictions other, long[] labels, bool isClassifier)
    {
        double[] ofReference = [.. Scores(reference)];
        double[] ofOther = [.. Scores(other)];
        double drop = ofReference.Average() - ofOther.Average();
        double variance = ofReference.Zip(ofOther, (left, right) => Math.Pow(left - right - drop, 2)).Average();
        double signal = reference.Outputs.Sum(output => output.Sum(value => (double)value * value));
        double noise = reference.Outputs.Zip(other.Outputs, SquaredDifference).Sum();
        return new Comparison(
            isClassifier ? "Top1" : "CosineSimilarity",
            ofReference.Average(),
            ofOther.Average(),
            Quantile95 * Math.Sqrt(variance / ofReference.Length),
            10 * Math.Log10(signal / noise));

        IEnumerable<double> Scores(Predictions of) => Enumerable.Range(0, of.SampleCount).Select(sample => isClassifier
            ? (LargestIsAt(of.Of(0, sample), labels[sample]) ? 1 : 0)
            : Enumerable.Range(0, of.Outputs.Count).Average(output => Cosine(reference.Of(output, sample), of.Of(output, sample))));
    }

    private static double SquaredDifference(float[] left, float[] right) => left.Zip(right, (a, b) => Math.Pow((double)a - b, 2)).Sum();

    private static bool LargestIsAt(ReadOnlySpan<float> values, long label)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[largest])
                largest = i;
        return largest == label;
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
