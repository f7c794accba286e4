namespace QuantBuild.Search;

/// <summary>Chooses one option for every layer so that one of noise, bytes and cost is least, and the others keep their limits.</summary>
/// <remarks>
/// Layers add up, so this is a knapsack problem with a choice per layer. Options that others beat are left out; Lagrange multipliers of
/// the two limits give a bound for every partial choice; partial choices grow layer by layer, without those that others beat and those
/// whose bound is no better than the best whole choice. What is left at the end is the proven optimum. Only when partial choices become
/// too many are the least promising ones given up, and the least of their bounds tells how far from the optimum the result may be.
/// </remarks>
internal static class MultipleChoiceKnapsack
{
    /// <summary>Partial choices that are looked at before it gives some up: about half a second.</summary>
    public const int DefaultNodeLimit = 600_000;

    /// <summary>For the second criterion, which decides only between choices that are equally good.</summary>
    private const int TieNodeLimit = 200_000;

    /// <summary>How many partial choices are kept: a round with few finds good whole ones, which spare the next round much.</summary>
    private static readonly int[] LabelsByRound = [200, 4000, 60_000];

    /// <returns>Null when no choice keeps the limits.</returns>
    public static KnapsackSolution? Solve(SearchProblem problem, Criterion goal, KnapsackLimits limits, int nodeLimit = DefaultNodeLimit)
    {
        var space = new ChoiceSpace(problem);
        return Solve(space, goal, limits, nodeLimit) is { } found
            ? new KnapsackSolution(space.Propose(found.Choice), found.IsProven, found.Bound, found.Nodes)
            : null;
    }

    /// <inheritdoc cref="Solve(SearchProblem, Criterion, KnapsackLimits, int)"/>
    public static KnapsackResult? Solve(ChoiceSpace space, Criterion goal, KnapsackLimits limits, int nodeLimit = DefaultNodeLimit)
    {
        if (!space.HasChoices || Find(space, goal, limits, null, nodeLimit) is not { } first)
            return null;

        Criterion second = goal == Criterion.Noise ? Criterion.Bytes : Criterion.Noise;
        KnapsackLimits tie = goal switch
        {
            Criterion.Noise => limits with { MaxNoise = space.NoiseOf(first.Choice) },
            Criterion.Bytes => limits with { MaxBytes = space.BytesOf(first.Choice) },
            _ => limits with { MaxCost = space.CostOf(first.Choice) },
        };
        return Find(space, second, tie, first.Choice, Math.Min(nodeLimit, TieNodeLimit)) is { } better
            ? first with { Choice = better.Choice, Nodes = first.Nodes + better.Nodes }
            : first;
    }

    private static KnapsackResult? Find(ChoiceSpace space, Criterion goal, KnapsackLimits limits, int[]? start, int nodeLimit)
    {
        if (KnapsackTable.Of(space, goal, limits) is not { } table)
            return start is null ? null : new KnapsackResult(start, true, space.Of(goal, start), 0);

        var best = new KnapsackIncumbent(table, space, limits);
        if (start is not null && table.PlacesOf(start) is { } places)
            best.Offer(places);
        var dual = new KnapsackDual(table, best);
        dual.Climb();
        best.Improve();
        double bound = dual.Bound;
        long nodes = 0;
        foreach (int most in LabelsByRound)
        {
            var labels = new KnapsackLabels(table, dual, best, most, nodeLimit - nodes);
            labels.Grow();
            nodes += labels.Nodes;
            bound = Math.Max(bound, labels.Bound);
            if (labels.IsProven || nodes > nodeLimit)
                break;
            best.Improve();
        }

        if (best.Places is null)
            return start is null ? null : new KnapsackResult(start, false, table.Base + bound, nodes);
        int[] choice = table.ChoiceOf(best.Places);
        double value = space.Of(goal, choice);
        bool isProven = best.Rules(bound);
        return new KnapsackResult(choice, isProven, isProven ? value : table.Base + bound, nodes);
    }
}

/// <summary>Upper limits; null: none.</summary>
/// <param name="MaxNoise">Sum over the layers.</param>
/// <param name="MaxBytes">Of the whole file.</param>
/// <param name="MaxCost">Of a whole run over that of the float model.</param>
internal sealed record KnapsackLimits(double? MaxNoise = null, long? MaxBytes = null, double? MaxCost = null)
{
    public double? Of(Criterion criterion) => criterion switch
    {
        Criterion.Noise => MaxNoise,
        Criterion.Bytes => MaxBytes,
        _ => MaxCost,
    };
}

/// <param name="IsProven">True when no other choice is better.</param>
/// <param name="Bound">No choice that keeps the limits has less of what is to be least.</param>
/// <param name="Nodes">Partial choices that were looked at.</param>
internal sealed record KnapsackSolution(Proposal Proposal, bool IsProven, double Bound, long Nodes);

/// <inheritdoc cref="KnapsackSolution"/>
/// <param name="Choice">Place of the option of each layer in its row.</param>
internal sealed record KnapsackResult(int[] Choice, bool IsProven, double Bound, long Nodes);
