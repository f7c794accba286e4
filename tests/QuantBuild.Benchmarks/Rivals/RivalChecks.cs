namespace QuantBuild.Benchmarks.Rivals;

/// <summary>Where our files are behind the best static 8-bit file of the other tools.</summary>
internal static class RivalChecks
{
    /// <summary>Row <c>static</c> is at least level, row <c>best</c> clearly ahead.</summary>
    private static readonly (string Configuration, double LeastDecibelsAbove)[] Marks = [(Recipe.Static, 0), (Recipe.Best, 2)];

    /// <summary>One line for every mark that is missed; a model of which no other tool has a static 8-bit file has none.</summary>
    public static IEnumerable<string> Misses(IReadOnlyList<RivalRow> rows) =>
        rows.Where(row => row.IsOwn).SelectMany(row => Misses(row, BestRivals.OfStatic(row.Model, rows))
            .Select(miss => $"{row.Model} {row.Configuration}: {miss.ReplaceLineEndings(" ")}"));

    private static IEnumerable<string> Misses(RivalRow row, BestRivals best)
    {
        if (row.Error is not null)
        {
            yield return row.Error;
            yield break;
        }
        foreach ((_, double leastDecibelsAbove) in Marks.Where(mark => mark.Configuration == row.Configuration && best.Loudest is not null))
        {
            if (!row.IsInteger)
                yield return $"{(row.IntegerShare is { } share ? $"{100 * share:0.0} %" : "an unknown share")} of the multiply-adds in integers";
            if (row.SqnrDb - best.Loudest?.SqnrDb < leastDecibelsAbove)
                yield return $"{row.SqnrDb:0.0} dB; {best.Loudest!.Tool}.{best.Loudest.Configuration} has {best.Loudest.SqnrDb:0.0}, "
                    + $"and {leastDecibelsAbove:0} more are asked for";
            if (row.DropPoints > best.Truest?.DropInterval?.High)
                yield return $"a drop of {row.DropPoints:0.00} points; {best.Truest.Tool}.{best.Truest.Configuration} has "
                    + $"{best.Truest.DropPoints:0.00}, {best.Truest.DropInterval?.High:0.00} at most";
        }
    }
}
