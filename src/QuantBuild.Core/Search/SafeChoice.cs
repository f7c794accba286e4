using QuantBuild.Settings;

namespace QuantBuild.Search;

/// <summary>What can be proposed before anything is measured.</summary>
internal static class SafeChoice
{
    private const int UsualBits = 8;

    /// <summary>Every layer in its most accurate form of 8 bits, or of more where it has none; in any where size or time forbid that.</summary>
    /// <returns>Null when nothing keeps these limits.</returns>
    public static int[]? Of(ChoiceSpace space, SearchLimits limits)
    {
        var upper = new KnapsackLimits(null, limits.MaxBytes, limits.MaxCost);
        ChoiceSpace usual = space.WithNoises([.. space.Rows.Select(Usual)]);
        return (MultipleChoiceKnapsack.Solve(usual, Criterion.Noise, upper)
            ?? MultipleChoiceKnapsack.Solve(space, Criterion.Noise, upper))?.Choice;
    }

    /// <summary>Noises of the options with the usual bits; those of the others are no numbers, which keeps them out.</summary>
    private static double[] Usual(LayerOption[] row)
    {
        int[] many = [.. row.Select(option => option.Form.Bits).Where(bits => bits >= UsualBits)];
        int least = many.Length == 0 ? row.Max(option => option.Form.Bits) : many.Min();
        return [.. row.Select(option => option.Form.Bits == least ? option.Noise : double.NaN)];
    }

    /// <summary>Where limits cannot be kept: as small as that of time allows, or as fast as that of size does, or just small.</summary>
    public static int[]? Smallest(ChoiceSpace space, SearchLimits limits) =>
        (MultipleChoiceKnapsack.Solve(space, Criterion.Bytes, new KnapsackLimits(null, null, limits.MaxCost))
            ?? MultipleChoiceKnapsack.Solve(space, Criterion.Cost, new KnapsackLimits(null, limits.MaxBytes))
            ?? MultipleChoiceKnapsack.Solve(space, Criterion.Bytes, new KnapsackLimits()))?.Choice;
}
