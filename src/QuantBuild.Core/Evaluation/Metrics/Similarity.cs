using QuantBuild.Numerics;

namespace QuantBuild.Evaluation.Metrics;

/// <summary>Cosine of the angle between the outputs of a model and those of the float model, mean over the outputs.</summary>
internal sealed class CosineSimilarity : ISampleMetric
{
    public bool IsRightOrWrong => false;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample)
    {
        if (ReferenceEquals(outputs, sample.Float))
            return 1;
        double sum = 0;
        for (int i = 0; i < outputs.Count; i++)
            sum += SampleMetrics.CosineSimilarity(sample.Float[i].Span, outputs[i].Span);
        return sum / outputs.Count;
    }
}

/// <summary>Power of the float outputs over the power of their difference, 10·log₁₀(Σx² / Σ(x − y)²) in decibels, over all samples and outputs.</summary>
internal sealed class SignalToNoise : ISummedMetric
{
    private const int Signal = 0;
    private const int Error = 1;

    /// <summary>Decibels of the float model itself: 24 bits at 6.02 decibels, more than float32 can tell.</summary>
    public const double Perfect = 144;

    public bool IsOneDecisionPerSample => false;

    public void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            SquaredSums squares = SampleMetrics.SquaredError(sample.Float[i].Span, outputs[i].Span);
            sums.Add(Signal, squares.Signal);
            sums.Add(Error, double.IsFinite(squares.Error) ? squares.Error : TargetErrors.NotFinite);
        }
    }

    public double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums) =>
        keys.Length < 2 ? double.NaN : Math.Clamp(10 * Math.Log10(Math.Max(sums[Signal], double.Epsilon) / Math.Max(sums[Error], double.Epsilon)), -Perfect, Perfect);
}

/// <summary>Share of positions where a model's largest class is that of the float model, mean over the samples.</summary>
/// <remarks>Axes as <see cref="ClassScores"/> has them: a classifier has one position, a sequence one per step, an image one per pixel.</remarks>
internal sealed class Agreement : ISampleMetric
{
    public bool IsRightOrWrong => true;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample)
    {
        if (ReferenceEquals(outputs, sample.Float))
            return 1;
        ClassScores reference = ClassScores.Of(sample.Float[0]);
        ClassScores other = ClassScores.Of(outputs[0]);
        if (!reference.IsOfSizeOf(other))
            return 0;
        int equal = 0;
        for (int position = 0; position < reference.Positions; position++)
            if (reference.Best(position) == other.Best(position))
                equal++;
        return reference.Positions == 0 ? 1 : (double)equal / reference.Positions;
    }
}

/// <summary>Information lost when the quantized model stands for the float one: Σ p·(ln p − ln q) in nats, mean over positions and samples.</summary>
/// <remarks>Kullback and Leibler, On information and sufficiency, 1951; p of the float model, q of the other, both softmax of the output as
/// <see cref="ClassScores.LogProbabilities"/> has it. 0 for the float model itself.</remarks>
internal sealed class KullbackLeibler : ISampleMetric
{
    public bool IsRightOrWrong => false;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample)
    {
        if (ReferenceEquals(outputs, sample.Float))
            return 0;
        ClassScores reference = ClassScores.Of(sample.Float[0]);
        ClassScores other = ClassScores.Of(outputs[0]);
        if (!reference.IsOfSizeOf(other))
            return TargetErrors.NotFinite;
        var p = new double[reference.Classes];
        var q = new double[reference.Classes];
        double sum = 0;
        for (int position = 0; position < reference.Positions; position++)
        {
            reference.LogProbabilities(position, p);
            other.LogProbabilities(position, q);
            for (int i = 0; i < p.Length; i++)
                if (!double.IsNegativeInfinity(p[i]))
                    sum += Math.Exp(p[i]) * (p[i] - q[i]);
        }
        double mean = reference.Positions == 0 ? 0 : sum / reference.Positions;
        return double.IsFinite(mean) ? Math.Max(0, mean) : TargetErrors.NotFinite;
    }
}
