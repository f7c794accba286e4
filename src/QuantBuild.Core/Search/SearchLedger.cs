namespace QuantBuild.Search;

/// <summary>What a search has measured, and what it may still spend.</summary>
internal sealed class SearchLedger
{
    private readonly Evaluation _evaluate;
    private readonly List<Measured> _all;
    private readonly List<(int[] Choice, Measured Result)> _results = [];
    private readonly HashSet<string> _measured = new(StringComparer.Ordinal);

    public SearchLedger(SearchProblem problem, IReadOnlyList<Measured> known, int evaluations, Evaluation evaluate)
    {
        (Problem, Space, Left, _evaluate) = (problem, new ChoiceSpace(problem), evaluations, evaluate);
        _all = [.. known];
        foreach (Measured one in known)
        {
            if (Space.ChoiceOf(one.Proposal.Assignment) is { } choice && _measured.Add(Key(choice)))
                _results.Add((choice, one));
        }
    }

    public SearchProblem Problem { get; }

    public ChoiceSpace Space { get; }

    /// <summary>Evaluations that may still be made.</summary>
    public int Left { get; private set; }

    /// <summary>In order.</summary>
    public IReadOnlyList<Measured> All => _all;

    /// <summary>In order, without known ones that the problem has no options for.</summary>
    public IReadOnlyList<(int[] Choice, Measured Result)> Results => _results;

    public bool IsMeasured(int[] choice) => _measured.Contains(Key(choice));

    public void Measure(int[] choice)
    {
        if (Left <= 0 || !_measured.Add(Key(choice)))
            throw new InvalidOperationException("Nothing is left to spend, or it has been measured already.");
        Left--;
        Measured result = _evaluate(Space.Propose(choice));
        _all.Add(result);
        _results.Add((choice, result));
    }

    private static string Key(int[] choice) => string.Join(',', choice);
}
