namespace QuantBuild.Search;

/// <summary>Small changes of the best candidate: one layer or two take another form.</summary>
/// <remarks>
/// Each is worth what it would gain times the probability that it keeps the accuracy. Without a candidate that keeps all limits the gain
/// is less noise.
/// </remarks>
internal static class LocalSwaps
{
    /// <summary>A gain of a hundredth of a per cent is not worth an evaluation.</summary>
    private const double LeastWorth = 1e-4;

    private const int MostTried = 64;

    /// <summary>Of a logistic curve that is near the normal distribution.</summary>
    private const double LogisticSlope = 1.702;

    /// <returns>Null when nothing is worth a measurement.</returns>
    public static int[]? Next(SearchLedger ledger, SearchKnowledge knowledge)
    {
        if (Start(knowledge) is not { } start)
            return null;
        var worth = new Worth(knowledge, start, !start.Result.Fits(knowledge.Problem.Limits));
        return Swaps(knowledge.Space, start.Choice, worth).Concat(Solutions(knowledge, worth))
            .OrderByDescending(one => one.Worth).ThenBy(one => string.Join(',', one.Choice), StringComparer.Ordinal)
            .Select(one => one.Choice).FirstOrDefault(choice => !ledger.IsMeasured(choice));
    }

    /// <returns>The best that fits; otherwise the least noisy one that keeps size and time.</returns>
    private static (int[] Choice, Measured Result)? Start(SearchKnowledge knowledge)
    {
        if (knowledge.Best is { } best)
            return best;
        (int[] Choice, Measured Result)? least = null;
        foreach ((int[] Choice, Measured Result) one in knowledge.Results)
        {
            if (!(one.Result with { Excess = 0 }).Fits(knowledge.Problem.Limits))
                continue;
            if (least is null || knowledge.NoiseOf(one) < knowledge.NoiseOf(least.Value))
                least = one;
        }

        return least;
    }

    private static IEnumerable<(double Worth, int[] Choice)> Solutions(SearchKnowledge knowledge, Worth worth)
    {
        if (worth.IsNoise)
            yield break;
        foreach (double doubts in (double[])[-1, -0.5, 0])
        {
            if (knowledge.AtLevel(knowledge.Threshold * Math.Exp(doubts * knowledge.Doubt)) is not { } choice)
                continue;
            ChoiceSpace space = knowledge.Space;
            double value = worth.Of(
                space.NoiseOf(choice) - worth.Anchor, space.BytesOf(choice) - worth.Bytes, space.CostOf(choice) - worth.Cost);
            if (value >= LeastWorth)
                yield return (value, choice);
        }
    }

    private static List<(double Worth, int[] Choice)> Swaps(ChoiceSpace space, int[] choice, Worth worth)
    {
        List<Swap> swaps = [];
        for (int layer = 0; layer < choice.Length; layer++)
        {
            LayerOption now = space.Rows[layer][choice[layer]];
            for (int place = 0; place < space.Rows[layer].Length; place++)
            {
                LayerOption then = space.Rows[layer][place];
                if (place != choice[layer])
                {
                    double cost = (then.Cost - now.Cost) * space.CostUnit;
                    swaps.Add(new Swap(layer, place, then.Noise - now.Noise, then.Bytes - now.Bytes, cost));
                }
            }
        }

        var found = new PriorityQueue<(Swap One, Swap? Other), double>();
        for (int i = 0; i < swaps.Count; i++)
        {
            Swap one = swaps[i];
            Add(one, null, worth.Of(one.Noise, one.Bytes, one.Cost));
            for (int j = i + 1; j < swaps.Count; j++)
            {
                Swap other = swaps[j];
                if (one.Layer != other.Layer)
                    Add(one, other, worth.Of(one.Noise + other.Noise, one.Bytes + other.Bytes, one.Cost + other.Cost));
            }
        }

        List<(double Worth, int[] Choice)> best = [];
        while (found.TryDequeue(out (Swap One, Swap? Other) pair, out double value))
        {
            var changed = (int[])choice.Clone();
            changed[pair.One.Layer] = pair.One.Place;
            if (pair.Other is { } other)
                changed[other.Layer] = other.Place;
            best.Add((value, changed));
        }

        return best;

        void Add(Swap one, Swap? other, double value)
        {
            if (value < LeastWorth || (found.Count == MostTried && found.TryPeek(out _, out double least) && value <= least))
                return;
            found.Enqueue((one, other), value);
            if (found.Count > MostTried)
                found.Dequeue();
        }
    }

    private sealed record Swap(int Layer, int Place, double Noise, long Bytes, double Cost);

    /// <summary>What a change is worth, as a share of what there is.</summary>
    private sealed class Worth(SearchKnowledge knowledge, (int[] Choice, Measured Result) start, bool isAfterAccuracy)
    {
        private readonly double _noise = knowledge.NoiseOf(start);
        private readonly double _threshold = Math.Log(knowledge.Threshold);
        private readonly double _doubt = knowledge.Doubt;

        public bool IsNoise { get; } = isAfterAccuracy || knowledge.Goal == Criterion.Noise;

        /// <summary>What the start is expected to have; what it was measured with is where changes begin.</summary>
        public double Anchor { get; } = knowledge.Space.NoiseOf(start.Choice);

        public long Bytes { get; } = knowledge.Space.BytesOf(start.Choice);

        public double Cost { get; } = knowledge.Space.CostOf(start.Choice);

        /// <returns>0 when it is no gain, or breaks a limit of size or time.</returns>
        public double Of(double noise, long bytes, double cost)
        {
            double gain = IsNoise ? -noise / _noise : knowledge.Goal == Criterion.Bytes ? -bytes / (double)Bytes : -cost / Cost;
            if (!(gain > 0) || Bytes + bytes > knowledge.MaxBytes || Cost + cost > knowledge.MaxCost)
                return 0;
            double distance = Math.Log(Math.Max(_noise + noise, double.Epsilon)) - _threshold;
            return IsNoise ? gain : gain / (1 + Math.Exp(LogisticSlope * distance / _doubt));
        }
    }
}
