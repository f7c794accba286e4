using QuantBuild.Execution;
using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>What was seen of one tensor, in memory of fixed size. Its state is a function of the set of batches, bit for bit: they may come in any
/// order, and in parts that are merged.</summary>
internal sealed class TensorStatistics
{
    public const string NaN = "NaN";

    public const string Infinities = "infinite values";

    /// <summary>What one of these takes: the histogram, and little beside it.</summary>
    public const long SizeBytes = (HistogramGrid.BinCount * sizeof(long)) + 1024;

    private static readonly (int Start, int Length)[] Whole = [(0, 1)];

    public StreamingHistogram Histogram { get; } = new();

    public MovingRange MovingRange { get; } = new();

    /// <summary>What a range cannot hold and some batch did: <see cref="NaN"/> or <see cref="Infinities"/>; null when all values were finite.
    /// The other statistics leave such batches out.</summary>
    public string? NotFinite { get; private set; }

    /// <summary>Where most values lie.</summary>
    public FloatRange Bulk => ValueBulk.Of(Histogram);

    /// <summary>Where most values lay when <see cref="KeepBulk"/> was called; null when it was not.</summary>
    public FloatRange? EarlierBulk { get; private set; }

    /// <summary>True for values that are read from the data and not computed: they are the same on every machine.</summary>
    public bool IsGiven { get; init; }

    /// <param name="values">Of one batch.</param>
    /// <param name="weight">Of the batch, by <see cref="MovingRange.WeightOf"/>.</param>
    /// <param name="live">The rows that count, when <paramref name="values"/> is [N, L, …]; null: all do.</param>
    public void Add(ReadOnlySpan<float> values, long weight, LivePositions? live = null)
    {
        if (values.IsEmpty)
            return; // a branch that is not taken, a loop without iterations
        IReadOnlyList<(int Start, int Length)> runs = live?.Runs ?? Whole;
        int rowLength = values.Length / (live?.Total ?? 1);
        FloatRange range = FloatRange.Empty;
        foreach ((int start, int length) in runs)
            range = range.Union(MinMaxKernel.Scan(values.Slice(start * rowLength, length * rowLength)));
        if (range.HasNaN || range.HasInfinity)
        {
            NotFinite = Worse(NotFinite, range.HasNaN ? NaN : Infinities);
            return;
        }
        foreach ((int start, int length) in runs)
            Histogram.Add(values.Slice(start * rowLength, length * rowLength), range);
        MovingRange.Add(range, weight);
    }

    /// <summary>Remembers where most values lie, for a comparison with what comes later.</summary>
    public void KeepBulk() => EarlierBulk = Bulk;

    /// <summary>Gives the same state as adding the batches that <paramref name="other"/> has seen.</summary>
    public void Merge(TensorStatistics other)
    {
        Histogram.Merge(other.Histogram);
        MovingRange.Merge(other.MovingRange);
        NotFinite = Worse(NotFinite, other.NotFinite);
    }

    private static string? Worse(string? first, string? second) => first == NaN ? first : second ?? first;
}
