namespace QuantBuild.Data;

/// <summary>Which samples of a data set are used, decided by their index, or by what was drawn before anything is read.</summary>
/// <param name="Limit">Samples from this index on are not read; null: all are.</param>
/// <param name="Part">The share of the samples below the limit.</param>
/// <param name="Drawn">Null: the order decides.</param>
internal sealed record SampleSelection(long? Limit, SamplePart Part, SampleDraw? Drawn = null)
{
    /// <summary>One of so many samples is held out when there is no data for validation.</summary>
    public const int HoldOutEvery = 4;

    public static SampleSelection All { get; } = new(null, SamplePart.All);

    public bool IsPast(long index) => Limit is { } limit && index >= limit;

    /// <param name="limit">At most so many samples are used; null: all.</param>
    /// <param name="seed">Null: those from the start, and every fourth is held out.</param>
    public static SampleSelection Of(long total, long? limit, SamplePart part, long? seed) => seed is { } drawn
        ? new SampleSelection(null, part, SampleDraw.Of(total, limit ?? total, drawn, HoldOutEvery))
        : new SampleSelection(limit, part);

    public bool Includes(long index) => !IsPast(index) && (Drawn is { } drawn ? drawn.Includes(index, Part) : IsInPart(index));

    private bool IsInPart(long index) => Part switch
    {
        SamplePart.Kept => index % HoldOutEvery != HoldOutEvery - 1,
        SamplePart.HeldOut => index % HoldOutEvery == HoldOutEvery - 1,
        _ => true,
    };

    /// <summary>Number of selected samples among the first <paramref name="total"/>.</summary>
    public long CountOf(long total)
    {
        long read = Limit is { } limit ? Math.Min(limit, total) : total;
        if (Drawn is { } drawn)
            return drawn.CountBelow(read, Part);
        return Part switch
        {
            SamplePart.Kept => read - (read / HoldOutEvery),
            SamplePart.HeldOut => read / HoldOutEvery,
            _ => read,
        };
    }

    /// <summary>The smallest limit that leaves so many selected samples.</summary>
    public long LimitFor(long samples)
    {
        long limit = Drawn is { } drawn ? drawn.LimitFor(samples, Part) : Part switch
        {
            SamplePart.Kept => samples + ((samples - 1) / (HoldOutEvery - 1)),
            SamplePart.HeldOut => samples * HoldOutEvery,
            _ => samples,
        };
        return Limit is { } own ? Math.Min(own, limit) : limit;
    }
}

internal enum SamplePart
{
    All,

    /// <summary>All but those that are held out.</summary>
    Kept,

    /// <summary>Every fourth, or as many that are drawn.</summary>
    HeldOut,
}
