namespace QuantBuild.Benchmarks.Rivals;

/// <summary>What the other tools reach on one model. Null: none of their files counts.</summary>
/// <param name="Loudest">The static 8-bit file with the most decibels of those that compute in integers.</param>
/// <param name="Truest">The static 8-bit file with the smallest drop of those that compute in integers.</param>
/// <param name="LoudestOfAll">The static 8-bit file with the most decibels, however much of it runs in float.</param>
/// <param name="Dynamic">The file with ranges found at every run with the most decibels.</param>
internal sealed record BestRivals(RivalRow? Loudest, RivalRow? Truest, RivalRow? LoudestOfAll, RivalRow? Dynamic)
{
    public static BestRivals Of(string model, IEnumerable<RivalRow> rows)
    {
        RivalRow[] rivals = [.. rows.Where(row => row.Model == model && !row.IsOwn && row.Error is null)];
        RivalRow[] ofStatic = [.. rivals.Where(row => row.Kind == FileKind.Static8)];
        return new BestRivals(
            ofStatic.Where(row => row.IsInteger).MaxBy(row => row.SqnrDb),
            ofStatic.Where(row => row.IsInteger && row.DropPoints is not null).MinBy(row => row.DropPoints),
            ofStatic.MaxBy(row => row.SqnrDb),
            rivals.Where(row => row.Kind == FileKind.Dynamic).MaxBy(row => row.SqnrDb));
    }
}
