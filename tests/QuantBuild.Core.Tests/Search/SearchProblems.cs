using QuantBuild.Search;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Search;

/// <summary>Problems that are the same everywhere: the seed says all.</summary>
internal static class SearchProblems
{
    private static readonly LayerForm[] Forms =
    [
        new(LayerKernel.Integer, 8), new(LayerKernel.Float, 4), LayerForm.Float32, new(LayerKernel.Integer, 4),
        new(LayerKernel.Float, 8), new(LayerKernel.Float, 3), new(LayerKernel.Dynamic, 8), new(LayerKernel.Float, 16),
        new(LayerKernel.Float, 2), new(LayerKernel.Dynamic, 4), new(LayerKernel.Float, 6), new(LayerKernel.Float, 5),
    ];

    public static SearchLimits NoLimits { get; } = new(null, null);

    /// <summary>Like a real model: more bits, less noise, more bytes; kernels differ in cost.</summary>
    public static SearchProblem Model(
        int seed, int layers, int options, QuantizationObjective objective = QuantizationObjective.Size, SearchLimits? limits = null)
    {
        var random = new Random(seed);
        LayerChoices[] rows =
        [
            .. Enumerable.Range(0, layers).Select(layer =>
            {
                double weights = Math.Round(Math.Exp(random.NextDouble() * 6) * 100);
                double sensitivity = Math.Exp((random.NextDouble() * 5) - 4);
                LayerOption[] row = [.. Forms.Take(options).Select(form => OptionOf(form, weights, sensitivity, random))];
                return new LayerChoices($"layer{layer:000}", row);
            }),
        ];
        double slowest = rows.Sum(row => row.Options.Max(option => option.Cost));
        return new SearchProblem(rows, 1000, 50, slowest + 50, objective, limits ?? NoLimits);
    }

    /// <summary>Any numbers at all, many of them equal.</summary>
    public static SearchProblem Random(int seed)
    {
        var random = new Random(seed);
        int levels = random.Next(2, 40);
        LayerChoices[] rows =
        [
            .. Enumerable.Range(0, random.Next(1, 6)).Select(layer => new LayerChoices(
                $"l{layer}",
                [
                    .. Forms.Take(random.Next(1, 6)).Select(form => new LayerOption(
                        form, random.Next(levels) / 7.0, random.Next(levels), random.Next(levels) / 3.0)),
                ])),
        ];
        return new SearchProblem(rows, random.Next(5), random.Next(5), 1 + random.Next(50), QuantizationObjective.Size, NoLimits);
    }

    public static SearchProblem Of(params LayerChoices[] rows) => new(rows, 0, 0, 1, QuantizationObjective.Size, NoLimits);

    public static LayerChoices Layer(string name, params (int Bits, double Noise, long Bytes, double Cost)[] options) =>
        new(name, [.. options.Select(one => new LayerOption(new LayerForm(LayerKernel.Float, one.Bits), one.Noise, one.Bytes, one.Cost))]);

    /// <summary>Every choice there is.</summary>
    public static IEnumerable<int[]> All(ChoiceSpace space)
    {
        var choice = new int[space.Rows.Length];
        while (true)
        {
            yield return (int[])choice.Clone();
            int layer = 0;
            while (layer < choice.Length && ++choice[layer] == space.Rows[layer].Length)
                choice[layer++] = 0;
            if (layer == choice.Length)
                yield break;
        }
    }

    private static LayerOption OptionOf(LayerForm form, double weights, double sensitivity, Random random)
    {
        double noise = form.Bits == 32 ? 0 : sensitivity * Math.Pow(4, -form.Bits) * 4 * (0.7 + (0.6 * random.NextDouble()));
        if (form.Kernel != LayerKernel.Float)
            noise += sensitivity * 1e-4;
        double speed = form.Kernel switch { LayerKernel.Integer => 0.4, LayerKernel.Dynamic => 0.55, _ => 1 };
        return new LayerOption(form, noise, (long)(weights * form.Bits / 8) + 40, weights * speed * (0.9 + (0.2 * random.NextDouble())));
    }
}
