using QuantBuild.Search;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Search;

/// <summary>Stands for a model whose truth is known: what the search cannot see is made from the seed.</summary>
/// <param name="problem">What the search sees.</param>
/// <param name="seed">Of the truth.</param>
/// <param name="spread">How far layers are from what the problem expects, as standard deviation of a logarithm.</param>
/// <param name="interaction">What two neighbours add beyond their sum.</param>
/// <param name="chance">By how much a measured drop differs by chance, relatively.</param>
/// <param name="limit">Drop that is allowed, in points.</param>
internal sealed class SyntheticModel(
    SearchProblem problem, int seed, double spread = 0.3, double interaction = 0, double chance = 0, double limit = 1)
{
    private const double DropAtNoiseOne = 12;

    private readonly ChoiceSpace _space = new(problem);
    private readonly double[] _factors = Factors(problem.Layers.Count, seed, spread);

    public List<Proposal> Asked { get; } = [];

    public Measured Measure(Proposal proposal)
    {
        Asked.Add(proposal);
        return Truth(proposal);
    }

    public Measured Truth(Proposal proposal)
    {
        double noise = NoiseOf(_space.ChoiceOf(proposal.Assignment)!);
        double drop = DropAtNoiseOne * Math.Sqrt(noise) * (1 + (chance * Jitter(proposal.Assignment.Text)));
        return new Measured(proposal, proposal.Bytes + 17, proposal.Cost, noise, drop, drop - limit);
    }

    /// <summary>The best of all choices; the limit of accuracy is held against the drop without chance.</summary>
    public Measured Optimum(QuantizationObjective objective)
    {
        Measured? best = null;
        foreach (int[] choice in SearchProblems.All(_space))
        {
            if (DropAtNoiseOne * Math.Sqrt(NoiseOf(choice)) > limit)
                continue;
            Measured one = Truth(_space.Propose(choice)) with { Excess = 0 };
            if (one.Fits(problem.Limits) && (best is null || SearchOutcome.Compare(one, best, objective) < 0))
                best = one;
        }

        return best ?? throw new InvalidOperationException("Nothing fits.");
    }

    private double NoiseOf(int[] choice)
    {
        double sum = 0;
        for (int layer = 0; layer < choice.Length; layer++)
        {
            double noise = _space.Rows[layer][choice[layer]].Noise * _factors[layer];
            double next = layer + 1 < choice.Length ? _space.Rows[layer + 1][choice[layer + 1]].Noise * _factors[layer + 1] : 0;
            sum += noise + (interaction * Math.Sqrt(noise * next));
        }

        return sum;
    }

    private static double[] Factors(int layers, int seed, double spread)
    {
        var random = new Random(seed);
        double bias = 0.6 + random.NextDouble();
        return [.. Enumerable.Range(0, layers).Select(_ => bias * Math.Exp(spread * 2 * ((random.NextDouble() * 2) - 1)))];
    }

    /// <returns>−1 to 1, by the text alone.</returns>
    private static double Jitter(string text)
    {
        uint hash = 2166136261;
        foreach (char character in text)
            hash = unchecked((hash ^ character) * 16777619);
        return ((hash * 2654435761u) / (double)uint.MaxValue * 2) - 1;
    }
}
