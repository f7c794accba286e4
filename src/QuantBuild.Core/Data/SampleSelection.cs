namespace QuantBuild.Data;

/// <summary>Which samples of a data set are used, decided by their index alone.</summary>
/// <param name="Limit">Samples from this index on are not read; null: all are.</param>
/// <param name="Part">The share of the samples below the limit.</param>
internal sealed record SampleSelection(long? Limit, SamplePart Part)
{
    /// <summary>One of so many samples is held out when there is no data for validation.</summary>
    public const int HoldOutEvery = 4;

    public static SampleSelection All { get; } = new(null, SamplePart.All);

    public bool IsPast(long index) => Limit is { } limit && index >= limit;

    public bool Includes(long index) => !IsPast(index) && Part switch
    {
        SamplePart.Kept => index % HoldOutEvery != HoldOutEvery - 1,
        SamplePart.HeldOut => index % HoldOutEvery == HoldOutEvery - 1,
        _ => true,
    };

    /// <summary>Number of selected samples among the first <paramref name="total"/>.</summary>
    public long CountOf(long total)
    {
        long read = Limit is { } limit ? Math.Min(limit, total) : total;
        return Part switch
        {
            SamplePart.Kept => read - (read / HoldOutEvery),
            SamplePart.HeldOut => read / HoldOutEvery,
            _ => read,
        };
    }
}

internal enum SamplePart
{
    All,

    /// <summary>All but every fourth.</summary>
    Kept,

    /// <summary>Every fourth.</summary>
    HeldOut,
}
