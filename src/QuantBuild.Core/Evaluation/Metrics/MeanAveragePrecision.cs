namespace QuantBuild.Evaluation.Metrics;

/// <summary>Mean of the average precision of detections over classes and over the overlaps 0.50, 0.55, …, 0.95.</summary>
/// <remarks>
/// Lin and others, Microsoft COCO, 2014, and its evaluation code: detections of a class, best score first, each take the free labelled box of the class
/// with the largest overlap, if that reaches the threshold; precision at 101 recalls from 0 to 1, each the largest that any higher recall has; at
/// most 100 detections of a class in a sample. Classes without labelled boxes do not count. No box is marked as a crowd. Scores are counted in the bins of
/// <see cref="OrderedBits"/>; detections in one bin count as found at once, which changes nothing unless right and wrong ones share a bin.
/// Memory: one count for every class, bin and set of thresholds that occurs.
/// </remarks>
internal sealed class MeanAveragePrecision(DetectionRoles roles) : ISummedMetric
{
    private const int Thresholds = 10;
    private const int Recalls = 101;
    private const int MostDetections = 100;
    private const int ClassShift = 32;

    /// <summary>Behind all detections of a class: the number of its labelled boxes.</summary>
    private const long LabelledKey = (1L << 31) - 1;

    public bool IsOneDecisionPerSample => false;

    public void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums)
    {
        List<Detection> found = roles.Read(outputs);
        List<Detection> labelled = Labelled(sample.Targets[0], sample.Targets[1]);
        foreach (int number in found.Concat(labelled).Select(box => box.Class).Distinct().Order())
        {
            Detection[] right = [.. labelled.Where(box => box.Class == number)];
            Detection[] best = [.. found.Where(box => box.Class == number).OrderByDescending(box => box.Score).Take(MostDetections)];
            int[] masks = Match(best, right);
            for (int i = 0; i < best.Length; i++)
                sums.Add(KeyOf(number, best[i].Score, masks[i]), 1);
            if (right.Length > 0)
                sums.Add(((long)number << ClassShift) | LabelledKey, right.Length);
        }
    }

    public double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums)
    {
        double total = 0;
        int classes = 0;
        for (int start = 0, end; start < keys.Length; start = end)
        {
            for (end = start; end < keys.Length && keys[end] >> ClassShift == keys[start] >> ClassShift; end++)
            {
            }
            bool isLabelled = (keys[end - 1] & uint.MaxValue) == LabelledKey;
            if (!isLabelled || sums[end - 1] == 0)
                continue;
            for (int threshold = 0; threshold < Thresholds; threshold++)
                total += AveragePrecision(keys[start..(end - 1)], sums[start..(end - 1)], threshold, sums[end - 1]) / Thresholds;
            classes++;
        }
        return classes == 0 ? double.NaN : total / classes;
    }

    /// <summary>Higher scores have lower keys.</summary>
    private static long KeyOf(int number, float score, int mask) =>
        ((long)number << ClassShift) | ((long)(OrderedBits.Count - 1 - OrderedBits.Of(score)) << Thresholds) | (long)mask;

    /// <returns>For every detection the thresholds at which it is right, a bit each.</returns>
    private static int[] Match(Detection[] found, Detection[] labelled)
    {
        var masks = new int[found.Length];
        for (int threshold = 0; threshold < Thresholds; threshold++)
        {
            double least = 0.5 + (threshold * 0.05) - 1e-10;
            var taken = new bool[labelled.Length];
            for (int i = 0; i < found.Length; i++)
            {
                int best = -1;
                double largest = least;
                for (int j = 0; j < labelled.Length; j++)
                {
                    double overlap = taken[j] ? 0 : found[i].Overlap(labelled[j]);
                    if (overlap >= largest)
                        (best, largest) = (j, overlap);
                }
                if (best < 0)
                    continue;
                taken[best] = true;
                masks[i] |= 1 << threshold;
            }
        }
        return masks;
    }

    private static double AveragePrecision(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums, int threshold, double labelled)
    {
        var recalls = new List<double>();
        var precisions = new List<double>();
        double right = 0;
        double all = 0;
        for (int i = 0; i < keys.Length;)
        {
            long bin = keys[i] >> Thresholds;
            for (; i < keys.Length && keys[i] >> Thresholds == bin; i++)
            {
                all += sums[i];
                right += ((keys[i] >> threshold) & 1) * sums[i];
            }
            if (all == 0)
                continue;
            recalls.Add(right / labelled);
            precisions.Add(right / all);
        }
        double sum = 0;
        double largest = 0;
        int next = recalls.Count;
        for (int step = Recalls - 1; step >= 0; step--)
        {
            double recall = step / (Recalls - 1.0);
            while (next > 0 && recalls[next - 1] >= recall - 1e-12)
                largest = Math.Max(largest, precisions[--next]);
            sum += largest;
        }
        return sum / Recalls;
    }

    private static List<Detection> Labelled(SampleTarget boxes, SampleTarget labels)
    {
        if (boxes.Span.Length != 4L * labels.Span.Length)
            throw new TargetException(labels.Name, FormattableString.Invariant(
                $"a sample of it has {labels.Span.Length} classes, and '{boxes.Name}' {boxes.Span.Length} values, which is not 4 for each"));
        var result = new List<Detection>();
        for (int i = 0; i < labels.Span.Length; i++)
        {
            ReadOnlySpan<double> box = boxes.Span.Slice(i * 4, 4);
            if (labels.Span[i] >= 0)
                result.Add(new Detection((float)box[0], (float)box[1], (float)box[2], (float)box[3], 1, (int)labels.Span[i]));
        }
        return result;
    }
}
