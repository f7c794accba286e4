namespace QuantBuild.Evaluation.Metrics;

/// <summary>Share of samples whose label is among the n largest values of the output.</summary>
/// <remarks>Russakovsky and others, ImageNet Large Scale Visual Recognition Challenge, 2015 (top-1 and top-5 accuracy). Of equal values the first counts as
/// larger; NaN is larger than nothing.</remarks>
internal sealed class TopN(int n) : ISampleMetric
{
    public bool IsRightOrWrong => true;

    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample)
    {
        ReadOnlySpan<float> values = outputs[0].Span;
        int label = ClassLabel.Of(sample.Targets[0], values.Length);
        float own = values[label];
        if (float.IsNaN(own))
            return 0;
        int before = 0;
        for (int i = 0; i < values.Length; i++)
            if (values[i] > own || (values[i] == own && i < label))
                before++;
        return before < n ? 1 : 0;
    }
}

/// <summary>A class number, checked against what the model gives.</summary>
internal static class ClassLabel
{
    /// <exception cref="TargetException">There is no such class.</exception>
    public static int Of(SampleTarget target, int classes)
    {
        double label = target.Span[0];
        return label >= 0 && label < classes
            ? (int)label
            : throw new TargetException(target.Name, FormattableString.Invariant(
                $"the label {label} is not below {classes}, the number of values of the model's first output"));
    }
}
