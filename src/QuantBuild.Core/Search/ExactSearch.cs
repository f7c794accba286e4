namespace QuantBuild.Search;

/// <summary>Solves the choice exactly for a level of noise, and finds by measurements which level keeps the accuracy.</summary>
/// <remarks>
/// Each step depends on what has been measured and on nothing else, so a search that was interrupted goes on as if it had not been. First
/// comes a safe candidate, then levels of noise, each nearer to where accuracy is lost, by the drops so far and by halving. What is left
/// goes to small changes of the best candidate.
/// </remarks>
internal sealed class ExactSearch : ICandidateSearch
{
    public IReadOnlyList<Measured> Run(SearchProblem problem, IReadOnlyList<Measured> known, int evaluations, Evaluation evaluate)
    {
        var ledger = new SearchLedger(problem, known, evaluations, evaluate);
        while (ledger.Left > 0 && ledger.Space.HasChoices && Next(ledger) is { } choice)
            ledger.Measure(choice);
        return ledger.All;
    }

    private static int[]? Next(SearchLedger ledger)
    {
        var knowledge = new SearchKnowledge(ledger);
        if (knowledge.LeastNoise() is not { } careful)
            return New(ledger, SafeChoice.Smallest(ledger.Space, ledger.Problem.Limits));
        return First(ledger, knowledge)
            ?? (knowledge.Goal == Criterion.Noise ? New(ledger, careful) : NoiseLevels.Next(ledger, knowledge, careful))
            ?? LocalSwaps.Next(ledger, knowledge)
            ?? (knowledge.Accurate is null ? New(ledger, careful) : null);
    }

    /// <returns>Null when something safe is known, or known to be not safe.</returns>
    private static int[]? First(SearchLedger ledger, SearchKnowledge knowledge)
    {
        if (knowledge.Accurate is not null || SafeChoice.Of(ledger.Space, ledger.Problem.Limits) is not { } safe)
            return null;
        double noise = knowledge.Space.NoiseOf(safe);
        if (ledger is { Left: 1, Results.Count: 0 } && knowledge.Goal != Criterion.Noise)
            return knowledge.AtLevel(Math.Max(noise, NoiseToDrop.CarefulNoise)) ?? safe;
        return knowledge.Inaccurate <= noise ? null : New(ledger, safe);
    }

    private static int[]? New(SearchLedger ledger, int[]? choice) => choice is null || ledger.IsMeasured(choice) ? null : choice;
}
