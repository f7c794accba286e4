using QuantBuild.Settings;

namespace QuantBuild.Search;

/// <summary>What a problem expects to be possible: the least of the objective at every level of noise.</summary>
internal static class PredictedFront
{
    /// <summary>A level is this much noisier than nothing where the most accurate choice has no noise.</summary>
    private const double SmallestShare = 1e-9;

    /// <param name="levels">Levels of noise that are solved; several may have the same solution.</param>
    /// <returns>No one is beaten by another one; the most accurate one first.</returns>
    public static IReadOnlyList<Proposal> Of(SearchProblem problem, int levels)
    {
        var space = new ChoiceSpace(problem);
        bool isLatency = problem.Objective == QuantizationObjective.Latency;
        Criterion goal = isLatency ? Criterion.Cost : Criterion.Bytes;
        var limits = new KnapsackLimits(null, problem.Limits.MaxBytes, problem.Limits.MaxCost);
        if (MultipleChoiceKnapsack.Solve(space, Criterion.Noise, limits)?.Choice is not { } accurate
            || MultipleChoiceKnapsack.Solve(space, goal, limits)?.Choice is not { } least)
            return [];

        double high = space.NoiseOf(least);
        double low = Math.Max(space.NoiseOf(accurate), high * SmallestShare);
        List<Proposal> proposals = [space.Propose(accurate)];
        for (int level = 0; level < levels && high > 0; level++)
        {
            double noise = low * Math.Pow(high / low, levels == 1 ? 1 : level / (levels - 1d));
            if (MultipleChoiceKnapsack.Solve(space, goal, limits with { MaxNoise = noise }) is { } found)
                proposals.Add(space.Propose(found.Choice));
        }

        proposals.Add(space.Propose(least));
        return [.. ParetoFront.Of(proposals).OrderBy(proposal => proposal.Noise)];
    }
}
