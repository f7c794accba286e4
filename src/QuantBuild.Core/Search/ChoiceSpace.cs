using QuantBuild.Settings;

namespace QuantBuild.Search;

/// <summary>The choices of a problem as numbers: an option of a layer is its place in that layer's row.</summary>
/// <remarks>
/// Options whose figures are no finite numbers of at least 0 are left out. Rows are in the order of noise, bytes, cost and code, so
/// that the first of equal options is the same everywhere.
/// </remarks>
internal sealed class ChoiceSpace
{
    private readonly SearchProblem _problem;

    public ChoiceSpace(SearchProblem problem)
        : this(problem, [.. problem.Layers.Select(layer => Usable(layer.Options))])
    {
    }

    private ChoiceSpace(SearchProblem problem, LayerOption[][] rows)
    {
        _problem = problem;
        Rows = rows;
    }

    /// <summary>Options of each layer, in the order of the problem's layers.</summary>
    public LayerOption[][] Rows { get; }

    /// <summary>False when a layer has no usable option.</summary>
    public bool HasChoices => Rows.All(row => row.Length > 0);

    /// <summary>The same places with other noises: <c>[layer][option]</c>.</summary>
    public ChoiceSpace WithNoises(double[][] noises) =>
        new(_problem, [
            .. Rows.Select((row, layer) => row.Select((option, place) => option with { Noise = noises[layer][place] }).ToArray()),
        ]);

    public double NoiseOf(int[] choice)
    {
        double sum = 0;
        for (int layer = 0; layer < choice.Length; layer++)
            sum += Rows[layer][choice[layer]].Noise;
        return sum;
    }

    /// <summary>Of the whole file.</summary>
    public long BytesOf(int[] choice)
    {
        long sum = _problem.OtherBytes;
        for (int layer = 0; layer < choice.Length; layer++)
            sum += Rows[layer][choice[layer]].Bytes;
        return sum;
    }

    /// <summary>Of a whole run over that of the float model.</summary>
    public double CostOf(int[] choice)
    {
        double sum = _problem.OtherCost;
        for (int layer = 0; layer < choice.Length; layer++)
            sum += Rows[layer][choice[layer]].Cost;
        return sum * CostUnit;
    }

    /// <summary>What a nanosecond is over a run of the float model.</summary>
    public double CostUnit => _problem.FloatCost > 0 ? 1 / _problem.FloatCost : 0;

    /// <summary>Of the rest of the model, which no choice changes.</summary>
    public double Other(Criterion criterion) => criterion switch
    {
        Criterion.Bytes => _problem.OtherBytes,
        Criterion.Cost => _problem.OtherCost * CostUnit,
        _ => 0,
    };

    public double Of(Criterion criterion, LayerOption option) => criterion switch
    {
        Criterion.Bytes => option.Bytes,
        Criterion.Cost => option.Cost * CostUnit,
        _ => option.Noise,
    };

    public double Of(Criterion criterion, int[] choice) => criterion switch
    {
        Criterion.Bytes => BytesOf(choice),
        Criterion.Cost => CostOf(choice),
        _ => NoiseOf(choice),
    };

    public bool Keeps(int[] choice, KnapsackLimits limits) =>
        !(NoiseOf(choice) > limits.MaxNoise) && !(BytesOf(choice) > limits.MaxBytes) && !(CostOf(choice) > limits.MaxCost);

    public Proposal Propose(int[] choice)
    {
        var forms = new Dictionary<string, LayerForm>(choice.Length, StringComparer.Ordinal);
        for (int layer = 0; layer < choice.Length; layer++)
            forms[_problem.Layers[layer].Layer] = Rows[layer][choice[layer]].Form;
        return new Proposal(new LayerAssignment(forms), NoiseOf(choice), BytesOf(choice), CostOf(choice));
    }

    /// <returns>Null when a layer has no such option.</returns>
    public int[]? ChoiceOf(LayerAssignment assignment)
    {
        var choice = new int[Rows.Length];
        for (int layer = 0; layer < choice.Length; layer++)
        {
            LayerForm? form = assignment.Of(_problem.Layers[layer].Layer);
            choice[layer] = Array.FindIndex(Rows[layer], option => option.Form == form);
            if (choice[layer] < 0)
                return null;
        }

        return choice;
    }

    private static LayerOption[] Usable(IReadOnlyList<LayerOption> options) =>
    [
        .. options
            .Where(option => double.IsFinite(option.Noise) && double.IsFinite(option.Cost)
                && option is { Noise: >= 0, Cost: >= 0, Bytes: >= 0 })
            .OrderBy(option => option.Noise).ThenBy(option => option.Bytes).ThenBy(option => option.Cost)
            .ThenBy(option => option.Form.Code, StringComparer.Ordinal),
    ];
}

internal enum Criterion
{
    Noise,
    Bytes,
    Cost,
}
