namespace QuantBuild.Search;

/// <summary>A knapsack problem without what cannot be part of its solution.</summary>
/// <remarks>
/// Every value is what an option has above the least of its layer. Those of the two limited criteria are in units of what the limit leaves
/// above the sum of these least values, so that each limit is 1; without a limit they are 0.
/// </remarks>
internal sealed class KnapsackTable
{
    /// <summary>Sums of the same numbers in another order differ by about this, relatively.</summary>
    private const double Rounding = 1e-12;

    private readonly int[][] _kept;

    private KnapsackTable(int[][] kept, double[][] goal, Limited first, Limited second, double lowest, double step)
    {
        (_kept, Goal, First, Second, Base, Step) = (kept, goal, first, second, lowest, step);
    }

    /// <summary>What is to be least: <c>[layer][option]</c>.</summary>
    public double[][] Goal { get; }

    public Limited First { get; }

    public Limited Second { get; }

    /// <summary>The goal of the choice that has the least of it in every layer, with the rest of the model.</summary>
    public double Base { get; }

    /// <summary>The goals of any two choices differ by a multiple of it; 0: by anything.</summary>
    public double Step { get; }

    public int Layers => Goal.Length;

    /// <returns>Null when a limit cannot be kept.</returns>
    public static KnapsackTable? Of(ChoiceSpace space, Criterion goal, KnapsackLimits limits)
    {
        Criterion[] others = [.. Enum.GetValues<Criterion>().Where(criterion => criterion != goal)];
        int[][] kept =
        [
            .. space.Rows.Select(row => Enumerable.Range(0, row.Length).Where(place => double.IsFinite(row[place].Noise)).ToArray()),
        ];
        if (Array.Exists(kept, places => places.Length == 0) || !WithoutTooLarge(space, kept, limits))
            return null;
        kept = [.. kept.Select((places, layer) => WithoutBeaten(space, space.Rows[layer], places, goal, limits))];

        double lowest = space.Other(goal) + kept.Select((places, layer) => Least(space, goal, space.Rows[layer], places)).Sum();
        double[][] values = [.. kept.Select((places, layer) => Above(space, goal, space.Rows[layer], places))];
        return new KnapsackTable(
            kept, values, Limit(space, kept, others[0], limits), Limit(space, kept, others[1], limits), lowest,
            goal == Criterion.Bytes ? Divisor(values) : 0);
    }

    public int[] ChoiceOf(int[] places) => [.. places.Select((place, layer) => _kept[layer][place])];

    /// <returns>Null when an option of the choice is not in the table.</returns>
    public int[]? PlacesOf(int[] choice)
    {
        int[] places = [.. choice.Select((option, layer) => Array.IndexOf(_kept[layer], option))];
        return Array.Exists(places, place => place < 0) ? null : places;
    }

    /// <summary>Takes out options that break a limit even when all other layers have the least.</summary>
    private static bool WithoutTooLarge(ChoiceSpace space, int[][] kept, KnapsackLimits limits)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (Criterion criterion in Enum.GetValues<Criterion>())
            {
                if (limits.Of(criterion) is not { } limit)
                    continue;
                double[] least = [.. kept.Select((places, layer) => Least(space, criterion, space.Rows[layer], places))];
                double room = limit - space.Other(criterion) - least.Sum();
                double tolerance = Rounding * (Math.Abs(limit) + space.Other(criterion) + least.Sum());
                if (!(room >= -tolerance))
                    return false;
                for (int layer = 0; layer < kept.Length; layer++)
                {
                    LayerOption[] row = space.Rows[layer];
                    int[] rest = [.. kept[layer].Where(place => space.Of(criterion, row[place]) - least[layer] <= room + tolerance)];
                    changed |= rest.Length < kept[layer].Length;
                    kept[layer] = rest;
                }
            }
        }

        return true;
    }

    /// <summary>Takes out options that another one beats or equals in all that counts. Of equal ones the first in the row stays.</summary>
    private static int[] WithoutBeaten(ChoiceSpace space, LayerOption[] row, int[] places, Criterion goal, KnapsackLimits limits)
    {
        Criterion[] counting = [.. Enum.GetValues<Criterion>().Where(criterion => criterion == goal || limits.Of(criterion) is not null)];
        return [.. places.Where(place => !places.Any(other => Beats(other, place)))];

        bool Beats(int other, int place)
        {
            bool isLess = false;
            foreach (Criterion criterion in counting)
            {
                (double mine, double its) = (space.Of(criterion, row[other]), space.Of(criterion, row[place]));
                if (mine > its)
                    return false;
                isLess |= mine < its;
            }

            return isLess || other < place;
        }
    }

    private static Limited Limit(ChoiceSpace space, int[][] kept, Criterion criterion, KnapsackLimits limits)
    {
        double[][] above = [.. kept.Select((places, layer) => Above(space, criterion, space.Rows[layer], places))];
        double least = space.Other(criterion) + kept.Select((places, layer) => Least(space, criterion, space.Rows[layer], places)).Sum();
        double room = (limits.Of(criterion) ?? double.PositiveInfinity) - least;
        double most = above.Sum(row => row.Max());
        double tolerance = Rounding * (least + most);
        if (most <= room || room <= tolerance)
            return new Limited([.. above.Select(row => new double[row.Length])], false, 1);
        return new Limited([.. above.Select(row => row.Select(value => value / room).ToArray())], true, 1 + (tolerance / room));
    }

    private static double Least(ChoiceSpace space, Criterion criterion, LayerOption[] row, int[] places) =>
        places.Min(place => space.Of(criterion, row[place]));

    private static double[] Above(ChoiceSpace space, Criterion criterion, LayerOption[] row, int[] places)
    {
        double least = Least(space, criterion, row, places);
        return [.. places.Select(place => space.Of(criterion, row[place]) - least)];
    }

    private static double Divisor(double[][] bytes)
    {
        long divisor = 0;
        foreach (double value in bytes.SelectMany(row => row))
        {
            long rest = (long)value;
            while (rest != 0)
                (divisor, rest) = (rest, divisor % rest);
        }

        return divisor;
    }
}

/// <summary>What the sum over the layers may be at most 1 of.</summary>
/// <param name="IsBinding">False when every choice keeps the limit; values are 0 then.</param>
/// <param name="Most">1, and what rounding may add.</param>
internal sealed record Limited(double[][] Values, bool IsBinding, double Most);
