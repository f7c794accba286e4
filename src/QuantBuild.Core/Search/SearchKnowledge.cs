using QuantBuild.Settings;

namespace QuantBuild.Search;

/// <summary>What the measurements so far say about candidates that are not measured yet.</summary>
internal sealed class SearchKnowledge
{
    /// <summary>How uncertain the noise is at which accuracy is lost, as logarithm, as long as nothing has lost it.</summary>
    private const double WideDoubt = 0.3;

    private const double LeastDoubt = 0.05;

    private const double MostDoubt = 0.5;

    /// <summary>One solution of many: what is missing to a proof is far below what measurements can tell.</summary>
    private const int NodeLimit = MultipleChoiceKnapsack.DefaultNodeLimit / 4;

    public SearchKnowledge(SearchLedger ledger)
    {
        SearchProblem problem = ledger.Problem;
        (Problem, Results) = (problem, ledger.Results);
        Model = NoiseToDrop.Fit(ledger.All);
        Space = LayerNoise.Corrected(ledger.Space, [.. Results.Select(one => (one.Choice, one.Result.Noise))], Model.Bias);
        MaxBytes = problem.Limits.MaxBytes - (long)Math.Round(Typical(one => one.Bytes - one.Proposal.Bytes));
        MaxCost = problem.Limits.MaxCost - Typical(one => one.Cost - one.Proposal.Cost);
        foreach ((int[] Choice, Measured Result) one in Results)
        {
            double noise = NoiseOf(one);
            if (one.Result.Excess <= 0)
                Accurate = Math.Max(Accurate ?? 0, noise);
        }

        foreach ((int[] Choice, Measured Result) one in Results)
        {
            double noise = NoiseOf(one);
            if (!(one.Result.Excess <= 0) && !(noise <= Accurate))
                Inaccurate = Math.Min(Inaccurate ?? double.PositiveInfinity, noise);
        }
    }

    public SearchProblem Problem { get; }

    public IReadOnlyList<(int[] Choice, Measured Result)> Results { get; }

    public NoiseToDrop Model { get; }

    /// <summary>Choices with the noise to expect in a measurement.</summary>
    public ChoiceSpace Space { get; }

    /// <summary>What a proposal may have, so that its file keeps the limit.</summary>
    public long? MaxBytes { get; }

    /// <inheritdoc cref="MaxBytes"/>
    public double? MaxCost { get; }

    /// <summary>Most noise at which accuracy was kept; null: it never was.</summary>
    public double? Accurate { get; }

    /// <summary>Least noise above that at which it was lost; null: it never was.</summary>
    public double? Inaccurate { get; }

    public Criterion Goal => Problem.Objective switch
    {
        QuantizationObjective.Size => Criterion.Bytes,
        QuantizationObjective.Latency => Criterion.Cost,
        _ => Criterion.Noise,
    };

    /// <summary>Noise at which the model of drops expects the limit; measured noise, not predicted.</summary>
    public double ModelLevel => Model.Limit is { } limit ? Model.Invert(limit) * Model.Bias : NoiseToDrop.CarefulNoise;

    /// <summary>Noise at which accuracy is most probably lost.</summary>
    public double Threshold => (Accurate, Inaccurate) switch
    {
        ({ } low, { } high) when low > 0 => Math.Sqrt(low * high),
        ({ } low, null) => Math.Max(ModelLevel, low * (1 + WideDoubt)),
        (_, { } high) => Math.Min(ModelLevel, high / 2),
        _ => ModelLevel,
    };

    /// <summary>By what factor that noise may be wrong, as logarithm.</summary>
    public double Doubt => Accurate > 0 && Inaccurate is { } high
        ? Math.Clamp(Math.Log(high / Accurate.Value) / 2, LeastDoubt, MostDoubt)
        : WideDoubt;

    public KnapsackLimits Limits => new(null, MaxBytes, MaxCost);

    /// <summary>The measured noise; what is expected where outputs could not be compared.</summary>
    public double NoiseOf((int[] Choice, Measured Result) one) =>
        double.IsFinite(one.Result.Noise) && one.Result.Noise >= 0 ? one.Result.Noise : Space.NoiseOf(one.Choice);

    /// <returns>The best that keeps all limits; null when there is none.</returns>
    public (int[] Choice, Measured Result)? Best
    {
        get
        {
            (int[] Choice, Measured Result)? best = null;
            foreach ((int[] Choice, Measured Result) one in Results.Where(one => one.Result.Fits(Problem.Limits)))
            {
                if (best is null || SearchOutcome.Compare(one.Result, best.Value.Result, Problem.Objective) < 0)
                    best = one;
            }

            return best;
        }
    }

    /// <summary>The choice with the least of the objective at this noise; the objective's own limit plays no part.</summary>
    public int[]? AtLevel(double noise) => MultipleChoiceKnapsack.Solve(
        Space,
        Goal,
        Goal == Criterion.Bytes ? new KnapsackLimits(noise, null, MaxCost) : new KnapsackLimits(noise, MaxBytes),
        NodeLimit)?.Choice;

    public int[]? LeastNoise() => MultipleChoiceKnapsack.Solve(Space, Criterion.Noise, Limits, NodeLimit)?.Choice;

    private double Typical(Func<Measured, double> difference)
    {
        double[] values = [.. Results.Select(one => difference(one.Result)).Where(double.IsFinite).Order()];
        return values.Length == 0 ? 0 : values[values.Length / 2];
    }
}
