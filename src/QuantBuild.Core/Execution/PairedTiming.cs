using System.Diagnostics;

namespace QuantBuild.Execution;

/// <summary>Times of runs of one or two models, taken in turns: what else the machine does slows both of a pair alike.</summary>
/// <param name="First">Milliseconds of each run.</param>
/// <param name="Second">As many; empty where there is one model.</param>
internal sealed record PairedTiming(IReadOnlyList<double> First, IReadOnlyList<double> Second)
{
    /// <summary>Runs before anything counts.</summary>
    private const int WarmUps = 3;

    /// <summary>With fewer pairs there is no interval.</summary>
    private const int FewestPairs = 6;

    private const int MostPairs = 100_000;

    /// <summary>Quantile of the normal distribution for an interval of 95 %.</summary>
    private const double NormalQuantile = 1.96;

    /// <param name="second">Null: only the first is timed.</param>
    /// <param name="duration">How long pairs are taken; at least <see cref="FewestPairs"/> are.</param>
    public static PairedTiming Measure(Action first, Action? second, TimeSpan duration, Action<double> progress, CancellationToken cancellation)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            first();
            second?.Invoke();
        }
        var times = new List<double>();
        var otherTimes = new List<double>();
        long start = Stopwatch.GetTimestamp();
        while (times.Count < MostPairs && (times.Count < FewestPairs || Stopwatch.GetElapsedTime(start) < duration))
        {
            cancellation.ThrowIfCancellationRequested();
            // Whoever runs second finds other things in the caches: they take turns at that too.
            bool isSwapped = second is not null && times.Count % 2 == 1;
            if (isSwapped)
                otherTimes.Add(Time(second!));
            times.Add(Time(first));
            if (second is not null && !isSwapped)
                otherTimes.Add(Time(second));
            progress(Math.Min(1, Stopwatch.GetElapsedTime(start) / duration));
        }
        return new PairedTiming(times, otherTimes);
    }

    /// <summary>Nearest-rank quantile.</summary>
    public static double Quantile(IReadOnlyList<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Median of second ÷ first over the pairs, with its 95 % interval from the ranks of the sorted ratios, which needs no distribution.</summary>
    public (double Median, double Low, double High) Ratio()
    {
        double[] ratios = [.. First.Zip(Second, (first, second) => second / first).Order()];
        double half = NormalQuantile * Math.Sqrt(ratios.Length) / 2;
        int low = (int)Math.Floor((ratios.Length / 2.0) - half);
        int high = (int)Math.Ceiling((ratios.Length / 2.0) + half) - 1;
        return (Quantile(ratios, 0.5), ratios[Math.Max(0, low)], ratios[Math.Min(ratios.Length - 1, high)]);
    }

    private static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
