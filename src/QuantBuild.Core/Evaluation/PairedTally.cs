namespace QuantBuild.Evaluation;

/// <summary>Mean and spread of a difference that is measured on the same samples twice.</summary>
/// <remarks>
/// Paired: what both models get right or wrong alike cancels. For right-or-wrong metrics with n₁₀ samples that only the float model gets right and
/// n₀₁ that only the quantized one does, the mean is d = (n₁₀ − n₀₁)/n and the standard error √(n₁₀ + n₀₁ − n·d²)/n; the sums below
/// give just that. The variance is accumulated as Welford does, in the order of the samples.
/// </remarks>
internal sealed class PairedTally
{
    /// <summary>Two-sided 95 % quantile of the normal distribution.</summary>
    private const double Quantile95 = 1.959964;

    private double floatSum;
    private double quantizedSum;
    private double meanDifference;
    private double squares;

    public long Count { get; private set; }

    public double FloatMean => floatSum / Count;

    public double QuantizedMean => quantizedSum / Count;

    /// <summary>Half of the width of the 95 % confidence interval of the mean difference.</summary>
    public double HalfInterval => Quantile95 * Math.Sqrt(squares / Count) / Math.Sqrt(Count);

    public void Add(double ofFloat, double ofQuantized)
    {
        Count++;
        floatSum += ofFloat;
        quantizedSum += ofQuantized;
        double difference = ofFloat - ofQuantized;
        double before = difference - meanDifference;
        meanDifference += before / Count;
        squares += before * (difference - meanDifference);
    }
}
