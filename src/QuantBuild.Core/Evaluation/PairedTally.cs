using QuantBuild.Evaluation.Metrics;

namespace QuantBuild.Evaluation;

/// <summary>Mean and spread of a difference that is measured on the same samples twice.</summary>
/// <remarks>
/// Paired: what both models get right or wrong alike cancels. The variance is accumulated as Welford does, in the order of the samples, and the
/// interval is Student's. Right-or-wrong scores are different: two models that agree on all of a few samples are not the same. There a pseudo-pair is
/// added each way (Bonett and Price, Adjusted Wald intervals for a difference of proportions based on matched pairs, 2012): with n₁₀ samples that
/// only the float model gets right and n₀₁ that only the quantized one does, d = (n₁₀ − n₀₁)/(n + 2) and the interval is
/// d ± z·√(((n₁₀ + n₀₁ + 2)/(n + 2) − d²)/(n + 2)).
/// </remarks>
/// <param name="isRightOrWrong">True when scores of 0 and 1 alone mean single decisions.</param>
internal sealed class PairedTally(bool isRightOrWrong = false) : ITally<PairedScore>
{
    private const int PseudoPairs = 2;

    private bool isDecisions = isRightOrWrong;
    private double floatSum;
    private double quantizedSum;
    private double meanDifference;
    private double squares;

    public long Count { get; private set; }

    public double FloatMean => floatSum / Count;

    public double QuantizedMean => quantizedSum / Count;

    public MetricFigures Figures
    {
        get
        {
            (double centre, double half) = isDecisions ? DecisionInterval : (FloatMean - QuantizedMean, HalfInterval);
            return new MetricFigures(FloatMean, QuantizedMean, centre - half, centre + half, Count);
        }
    }

    private double HalfInterval => Count < 2 ? double.PositiveInfinity : StudentQuantile.Of(Count - 1) * Math.Sqrt(squares / (Count - 1) / Count);

    private (double Centre, double Half) DecisionInterval
    {
        get
        {
            double n = Count + PseudoPairs;
            double centre = meanDifference * Count / n;
            double squareSum = squares + (meanDifference * meanDifference * Count) + PseudoPairs;
            return (centre, StudentQuantile.Normal95 * Math.Sqrt(Math.Max(0, (squareSum / n) - (centre * centre)) / n));
        }
    }

    /// <summary>Half of the interval where both models agree on every one of so many decisions.</summary>
    public static double LeastHalfInterval(long count) => StudentQuantile.Normal95 * Math.Sqrt(PseudoPairs) / (count + PseudoPairs);

    public void Add(PairedScore sample)
    {
        Count++;
        isDecisions &= sample is { Float: 0 or 1, Quantized: 0 or 1 };
        floatSum += sample.Float;
        quantizedSum += sample.Quantized;
        double difference = sample.Float - sample.Quantized;
        double before = difference - meanDifference;
        meanDifference += before / Count;
        squares += before * (difference - meanDifference);
    }
}
