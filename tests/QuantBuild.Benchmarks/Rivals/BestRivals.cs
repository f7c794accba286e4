namespace QuantBuild.Benchmarks.Rivals;

/// <summary>What the other tools reach on one model. Null: none of their files counts.</summary>
/// <param name="Loudest">The static file that computes in integers with the most decibels.</param>
/// <param name="Truest">The static file that computes in integers with the smallest drop.</param>
/// <param name="Dynamic">The file with ranges found at every run with the most decibels.</param>
internal sealed record BestRivals(RivalRow? Loudest, RivalRow? Truest, RivalRow? Dynamic)
{
    public static BestRivals Of(string model, IEnumerable<RivalRow> rows)
    {
        RivalRow[] rivals = [.. rows.Where(row => row.Model == model && !row.IsOwn && row.Error is null)];
        RivalRow[] inIntegers = [.. rivals.Where(row => row.IsInteger && !row.IsDynamic)];
        return new BestRivals(
            inIntegers.MaxBy(row => row.SqnrDb),
            inIntegers.Where(row => row.DropPoints is not null).MinBy(row => row.DropPoints),
            rivals.Where(row => row.IsDynamic).MaxBy(row => row.SqnrDb));
    }

    /// <summary>Positive: the row has more.</summary>
    public double? DecibelsAbove(RivalRow row) => row.SqnrDb - Loudest?.SqnrDb;

    /// <summary>Positive: the row loses more.</summary>
    public double? PointsBehind(RivalRow row) => row.DropPoints - Truest?.DropPoints;

    /// <inheritdoc cref="DecibelsAbove"/>
    public double? DecibelsAboveDynamic(RivalRow row) => row.SqnrDb - Dynamic?.SqnrDb;
}
