namespace QuantBuild.Evaluation.Metrics;

/// <summary>Exponential of the mean negative logarithm of the probability that the model gives to the right token.</summary>
/// <remarks>
/// Jelinek and others, Perplexity, a measure of the difficulty of speech recognition tasks, 1977: exp(−1/N · Σ ln p(token)), over all tokens of all samples.
/// The last axis of the output counts tokens of the vocabulary, p as <see cref="ClassScores.LogProbabilities"/> has it. Labels say what each position
/// should give; negative ones, such as −1 and −100, are left out. The model's own tokens in place of labels: position t should give token t + 1.
/// </remarks>
/// <param name="isShifted">True when the target is what the model reads.</param>
internal sealed class Perplexity(bool isShifted) : ISummedMetric
{
    private const int Loss = 0;
    private const int Tokens = 1;

    /// <summary>A token that a model gives no chance counts as this many nats: its exponential is still a number.</summary>
    private const double LargestLoss = 700;

    public bool IsOneDecisionPerSample => false;

    public void Count(IReadOnlyList<SampleOutput> outputs, MetricSample sample, SampleSums sums)
    {
        ClassScores scores = ClassScores.Last(outputs[0]);
        SampleTarget tokens = sample.Targets[0];
        ReadOnlySpan<double> mask = sample.Targets.Count > 1 ? sample.Targets[1].Span : default;
        if (tokens.Span.Length != scores.Positions)
            throw new TargetException(tokens.Name, FormattableString.Invariant(
                $"a sample of it has {tokens.Span.Length} tokens, and the output '{outputs[0].Name}' has {scores.Positions} positions"));
        var logarithms = new double[scores.Classes];
        double loss = 0;
        long count = 0;
        for (int position = 0; position < scores.Positions; position++)
        {
            int target = isShifted ? position + 1 : position;
            if (target >= scores.Positions || tokens.Span[target] < 0 || (mask.Length == scores.Positions && mask[target] == 0))
                continue;
            if (tokens.Span[target] >= scores.Classes)
                throw new TargetException(tokens.Name, FormattableString.Invariant(
                    $"the token {tokens.Span[target]} is not below {scores.Classes}, the last axis of the output '{outputs[0].Name}'"));
            scores.LogProbabilities(position, logarithms);
            double own = -logarithms[(int)tokens.Span[target]];
            loss += double.IsNaN(own) ? LargestLoss : Math.Min(own, LargestLoss);
            count++;
        }
        sums.Add(Loss, loss);
        sums.Add(Tokens, count);
    }

    public double Value(ReadOnlySpan<long> keys, ReadOnlySpan<double> sums) =>
        keys.Length < 2 || sums[Tokens] == 0 ? double.NaN : Math.Exp(sums[Loss] / sums[Tokens]);
}
