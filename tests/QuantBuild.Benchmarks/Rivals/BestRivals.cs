namespace QuantBuild.Benchmarks.Rivals;

/// <summary>The best of a group of other tools' files of one model. Null: the group is empty.</summary>
/// <param name="Loudest">With the most decibels.</param>
/// <param name="Truest">With the smallest drop; null, too, without labels.</param>
internal sealed record BestRivals(RivalRow? Loudest, RivalRow? Truest)
{
    /// <summary>Static 8-bit files, however much of them runs in float: the mark that is asked for.</summary>
    public static BestRivals OfStatic(string model, IEnumerable<RivalRow> rows) => Of(model, rows, row => row.Kind == FileKind.Static8);

    /// <summary>Static 8-bit files that compute in integers.</summary>
    public static BestRivals OfInteger(string model, IEnumerable<RivalRow> rows) =>
        Of(model, rows, row => row.Kind == FileKind.Static8 && row.IsInteger);

    /// <summary>Files with ranges found at every run.</summary>
    public static BestRivals OfDynamic(string model, IEnumerable<RivalRow> rows) => Of(model, rows, row => row.Kind == FileKind.Dynamic);

    private static BestRivals Of(string model, IEnumerable<RivalRow> rows, Func<RivalRow, bool> counts)
    {
        RivalRow[] group = [.. rows.Where(row => row.Model == model && !row.IsOwn && row.Error is null && counts(row))];
        return new BestRivals(group.MaxBy(row => row.SqnrDb), group.Where(row => row.DropPoints is not null).MinBy(row => row.DropPoints));
    }
}
