using QuantBuild.Settings;

namespace QuantBuild.Search;

/// <summary>What ships of all that was measured.</summary>
/// <param name="Chosen">The best by the objective of those that keep every limit; null when none does.</param>
/// <param name="Front">Those that no other one beats in size, time and accuracy together; in the order of bytes.</param>
/// <param name="Nearest">When nothing is chosen: what came nearest to the limits, the nearest first.</param>
internal sealed record SearchOutcome(Measured? Chosen, IReadOnlyList<Measured> Front, IReadOnlyList<NearMiss> Nearest)
{
    private const int MostNearest = 3;

    public static SearchOutcome Of(IReadOnlyList<Measured> measured, SearchLimits limits, QuantizationObjective objective)
    {
        Measured? chosen = null;
        foreach (Measured one in measured.Where(one => one.Fits(limits)))
        {
            if (chosen is null || Compare(one, chosen, objective) < 0)
                chosen = one;
        }

        return new SearchOutcome(chosen, ParetoFront.Of(measured), chosen is null ? NearestOf(measured, limits) : []);
    }

    /// <returns>Below 0 when the first one is better. Texts of assignments decide last, so that the order in the list never does.</returns>
    public static int Compare(Measured one, Measured other, QuantizationObjective objective)
    {
        int bytes = one.Bytes.CompareTo(other.Bytes);
        int cost = Finite(one.Cost).CompareTo(Finite(other.Cost));
        int noise = Finite(one.Noise).CompareTo(Finite(other.Noise));
        int[] order = objective switch
        {
            QuantizationObjective.Size => [bytes, noise, cost],
            QuantizationObjective.Latency => [cost, noise, bytes],
            _ => [noise, Finite(one.Drop).CompareTo(Finite(other.Drop)), bytes, cost],
        };
        int first = Array.Find(order, part => part != 0);
        return first != 0 ? first : string.CompareOrdinal(one.Proposal.Assignment.Text, other.Proposal.Assignment.Text);
    }

    private static NearMiss[] NearestOf(IReadOnlyList<Measured> measured, SearchLimits limits)
    {
        NearMiss[] misses = [.. measured.Select(one => NearMiss.Of(one, limits))];
        return
        [
            .. misses.Where(miss => !misses.Any(miss.IsFartherThan))
                .OrderBy(miss => miss.Limits).ThenBy(miss => miss.Relative(limits))
                .ThenBy(miss => miss.Candidate.Proposal.Assignment.Text, StringComparer.Ordinal)
                .Take(MostNearest),
        ];
    }

    private static double Finite(double? value) => value is { } number && !double.IsNaN(number) ? number : double.PositiveInfinity;
}

/// <summary>By how much a candidate misses each limit; 0 where it keeps it.</summary>
/// <param name="Excess">In the metric's own unit; infinite when the metric has no value.</param>
/// <param name="Cost">In runs of the float model.</param>
internal sealed record NearMiss(Measured Candidate, double Excess, long Bytes, double Cost)
{
    /// <summary>How many limits it misses.</summary>
    public int Limits => (Excess > 0 ? 1 : 0) + (Bytes > 0 ? 1 : 0) + (Cost > 0 ? 1 : 0);

    public static NearMiss Of(Measured one, SearchLimits limits) => new(
        one,
        double.IsNaN(one.Excess) ? double.PositiveInfinity : Math.Max(one.Excess, 0),
        limits.MaxBytes is { } bytes ? Math.Max(one.Bytes - bytes, 0) : 0,
        limits.MaxCost is { } cost && !(one.Cost <= cost) ? double.IsNaN(one.Cost) ? double.PositiveInfinity : one.Cost - cost : 0);

    /// <summary>True when the other one misses every limit by at most as much, and one by less.</summary>
    public bool IsFartherThan(NearMiss other) =>
        other.Excess <= Excess && other.Bytes <= Bytes && other.Cost <= Cost
        && (other.Excess < Excess || other.Bytes < Bytes || other.Cost < Cost);

    /// <summary>The largest miss in units of its limit.</summary>
    /// <remarks>The limit of accuracy follows from drop and excess; without a drop the miss stands as it is.</remarks>
    public double Relative(SearchLimits limits)
    {
        double allowed = Candidate.Drop - Candidate.Excess is { } drop && drop > 0 ? drop : 1;
        double bytes = limits.MaxBytes is > 0 and { } most ? (double)Bytes / most : Bytes;
        return Math.Max(Excess / allowed, Math.Max(bytes, limits.MaxCost is > 0 and { } cost ? Cost / cost : Cost));
    }
}
