namespace QuantBuild.Evaluation.Metrics;

/// <summary>Mean over the classes of the pixels that prediction and label share, over those that either has.</summary>
/// <remarks>
/// Everingham and others, The Pascal Visual Object Classes Challenge, 2010, section 4.3: TP / (TP + FP + FN), pixels of all samples together. Classes
/// that occur neither in labels nor in predictions do not count. Pixels labelled −1 or 255 are left out, as those data sets have it.
/// </remarks>
internal sealed class IntersectionOverUnion : ISummedMetric
{
    private const int Intersection = 0;
    private const int Union = 1;
    private const int Void = 255;

    public bool IsOneDecisionPerSample => false;

    public void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums)
    {
        SampleTarget map = sample.Targets[0];
        if (!ClassScores.TryFit(outputs[0], map.Shape, out ClassScores scores) || scores.Classes < 2)
            throw new TargetException(map.Name, FormattableString.Invariant(
                $"a label map of shape [{string.Join(",", map.Shape)}] is not that of the output '{outputs[0].Name}' [{string.Join(",", outputs[0].Shape)}] without its axis of two or more classes"));
        var intersections = new long[scores.Classes];
        var unions = new long[scores.Classes];
        for (int pixel = 0; pixel < scores.Positions; pixel++)
        {
            double label = map.Span[pixel];
            if (label < 0 || (label == Void && scores.Classes <= Void))
                continue;
            if (label >= scores.Classes)
                throw new TargetException(map.Name, FormattableString.Invariant($"the label {label} is not below {scores.Classes}, the number of classes of the output '{outputs[0].Name}'"));
            int right = (int)label;
            int predicted = scores.Best(pixel);
            unions[right]++;
            if (predicted == right)
                intersections[right]++;
            else if (predicted >= 0)
                unions[predicted]++;
        }
        for (int i = 0; i < unions.Length; i++)
        {
            if (unions[i] == 0)
                continue;
            sums.Add((i * 2L) + Intersection, intersections[i]);
            sums.Add((i * 2L) + Union, unions[i]);
        }
    }

    public double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums)
    {
        double total = 0;
        int classes = 0;
        for (int i = 0; i + 1 < keys.Length; i += 2)
        {
            if (sums[i + Union] == 0)
                continue;
            total += sums[i + Intersection] / sums[i + Union];
            classes++;
        }
        return classes == 0 ? double.NaN : total / classes;
    }
}
