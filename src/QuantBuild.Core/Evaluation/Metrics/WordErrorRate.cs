namespace QuantBuild.Evaluation.Metrics;

/// <summary>Words that have to be replaced, inserted or deleted to get the right ones, over the number of the right ones, of all samples together.</summary>
/// <remarks>
/// Levenshtein, Binary codes capable of correcting deletions, insertions and reversals, 1966. The output is read as connectionist temporal classification
/// does it (Graves and others, 2006), greedily: the largest class at every step, repetitions taken together, blanks taken out. Negative labels are padding.
/// Words lie between separators; without a separator every label is a word of its own, which gives the error rate of characters or tokens.
/// </remarks>
/// <param name="blank">Class of the blank; counted from the end when negative.</param>
/// <param name="separator">Class that separates words; null for none.</param>
internal sealed class WordErrorRate(int blank, int? separator) : ISummedMetric
{
    private const int Errors = 0;
    private const int Words = 1;

    public bool IsOneDecisionPerSample => false;

    public void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums)
    {
        SampleTarget labels = sample.Targets[0];
        ClassScores scores = ClassScores.Last(outputs[0]);
        int blankClass = blank < 0 ? scores.Classes + blank : blank;
        if (blankClass < 0 || blankClass >= scores.Classes)
            throw new TargetException(outputs[0].Name, FormattableString.Invariant($"its last axis has {scores.Classes} classes, and BlankClass is {blank}"));
        var right = new List<int>();
        foreach (double label in labels.Span)
        {
            if (label >= scores.Classes)
                throw new TargetException(labels.Name, FormattableString.Invariant(
                    $"the label {label} is not below {scores.Classes}, the last axis of the output '{outputs[0].Name}'"));
            if (label >= 0)
                right.Add((int)label);
        }
        List<int> decoded = Decode(scores, blankClass);
        (int edits, int words) = separator is { } between
            ? Distance(Split(right, between), Split(decoded, between))
            : Distance(right, decoded);
        sums.Add(Errors, edits);
        sums.Add(Words, words);
    }

    public double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums) =>
        keys.Length < 2 || sums[Words] == 0 ? double.NaN : sums[Errors] / sums[Words];

    private static List<int> Decode(ClassScores scores, int blankClass)
    {
        var decoded = new List<int>();
        int before = -1;
        for (int step = 0; step < scores.Positions; step++)
        {
            int best = scores.Best(step);
            if (best != before && best != blankClass && best >= 0)
                decoded.Add(best);
            before = best;
        }
        return decoded;
    }

    /// <summary>Words as texts, so that equal ones are equal.</summary>
    private static List<string> Split(List<int> labels, int between)
    {
        var words = new List<string>();
        var word = new List<int>();
        foreach (int label in labels.Append(between))
        {
            if (label != between)
            {
                word.Add(label);
                continue;
            }
            if (word.Count > 0)
                words.Add(string.Join(' ', word));
            word.Clear();
        }
        return words;
    }

    private static (int Edits, int Words) Distance<T>(List<T> right, List<T> other)
        where T : IEquatable<T>
    {
        int[] before = [.. Enumerable.Range(0, other.Count + 1)];
        int[] row = new int[other.Count + 1];
        for (int i = 1; i <= right.Count; i++)
        {
            row[0] = i;
            for (int j = 1; j <= other.Count; j++)
            {
                int replaced = before[j - 1] + (right[i - 1].Equals(other[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(before[j], row[j - 1]) + 1);
            }
            (before, row) = (row, before);
        }
        return (before[other.Count], right.Count);
    }
}
