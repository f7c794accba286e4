namespace QuantBuild.Search;

/// <summary>Where to look next for the most noise that keeps the accuracy.</summary>
internal static class NoiseLevels
{
    /// <summary>Half a decibel: closer levels tell nothing.</summary>
    private const double Tight = 1.12;

    /// <summary>20 dB: no step up is longer, however small drops are.</summary>
    private const double LongestStep = 100;

    /// <summary>2 dB: no step up is shorter as long as accuracy was never lost.</summary>
    private const double ShortestStep = 1.6;

    /// <summary>How far into the range between kept and lost a guess may lie: each step takes this much off at least.</summary>
    private const double Margin = 0.15;

    /// <summary>With the last evaluation and nothing that fits: 6 dB better than expected to be needed.</summary>
    private const double LastMargin = 4;

    /// <summary>Parts of the range to look at when the best guess has been measured already.</summary>
    private static readonly double[] Parts = [0.5, 0.75, 0.25, 0.875, 0.125];

    /// <returns>Null when the level is known well enough.</returns>
    public static int[]? Next(SearchLedger ledger, SearchKnowledge knowledge, int[] careful)
    {
        double floor = knowledge.Space.NoiseOf(careful);
        if (knowledge is { Accurate: null, Inaccurate: { } lost } && lost <= floor)
            return null;
        if (knowledge is { Accurate: { } kept, Inaccurate: { } above } && above <= kept * Tight)
            return null;

        double best = BestOf(knowledge);
        foreach (double level in Levels(knowledge, floor, ledger.Left))
        {
            if (knowledge.AtLevel(level) is { } choice && !ledger.IsMeasured(choice) && knowledge.Space.Of(knowledge.Goal, choice) < best)
                return choice;
        }

        return null;
    }

    private static double BestOf(SearchKnowledge knowledge) =>
        knowledge.Best is { } best ? knowledge.Space.Of(knowledge.Goal, best.Choice) : double.PositiveInfinity;

    private static IEnumerable<double> Levels(SearchKnowledge knowledge, double floor, int left)
    {
        double guess = knowledge.ModelLevel;
        if (knowledge.Accurate is { } kept)
        {
            double low = Math.Max(kept, double.Max(floor, 1e-12));
            if (knowledge.Inaccurate is not { } lost)
            {
                double first = Math.Clamp(guess / low, ShortestStep, LongestStep);
                for (double step = first; step <= LongestStep * LongestStep; step *= ShortestStep)
                    yield return low * step;
                yield break;
            }

            double range = Math.Log(lost / low);
            yield return low * Math.Exp(Math.Clamp(Math.Log(Guess(knowledge, guess) / low), Margin * range, (1 - Margin) * range));
            foreach (double part in Parts)
                yield return low * Math.Exp(part * range);
            yield break;
        }

        double high = Math.Min(guess, knowledge.Inaccurate / 2 ?? guess);
        double last = left == 1 ? LastMargin : 1;
        for (double level = high / last; level > floor; level /= LastMargin)
            yield return level;
        yield return floor;
    }

    /// <summary>Between the model of all drops and the line through the two nearest measurements, both in amplitudes.</summary>
    private static double Guess(SearchKnowledge knowledge, double model)
    {
        double? before = Excess(knowledge, knowledge.Accurate!.Value);
        double? after = Excess(knowledge, knowledge.Inaccurate!.Value);
        if (before is not { } low || after is not { } high || !(high > low))
            return model;
        double from = Math.Sqrt(knowledge.Accurate.Value);
        double amplitude = from + ((Math.Sqrt(knowledge.Inaccurate.Value) - from) * (0 - low) / (high - low));
        double line = amplitude * amplitude;
        return double.IsFinite(model) && model > 0 && knowledge.Model.Limit is not null ? Math.Sqrt(line * model) : line;
    }

    private static double? Excess(SearchKnowledge knowledge, double noise)
    {
        foreach ((int[] Choice, Measured Result) one in knowledge.Results)
        {
            if (knowledge.NoiseOf(one) == noise && double.IsFinite(one.Result.Excess))
                return one.Result.Excess;
        }

        return null;
    }
}
