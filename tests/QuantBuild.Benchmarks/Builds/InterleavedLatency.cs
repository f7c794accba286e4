using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>Latencies of several files of one model on one thread, which is the caller's, all of them in one run: every file has a turn in
/// every round, so that what slows the machine down meets all of them.</summary>
/// <param name="seconds">Of one run, by file and round.</param>
internal sealed class InterleavedLatency(double[][] seconds)
{
    /// <summary>Odd, so that the median is one of them; enough that a busy machine spoils a minority.</summary>
    public const int Rounds = 31;

    private const int FewestRounds = 7;

    /// <summary>A turn takes at least so long, far above what the clock resolves.</summary>
    private static readonly TimeSpan ShortestTurn = TimeSpan.FromMilliseconds(5);

    /// <summary>Slow models have fewer rounds, so that they do not take longer than this.</summary>
    private static readonly TimeSpan LongestMeasurement = TimeSpan.FromSeconds(60);

    /// <param name="paths">Files with the same inputs, or some of them.</param>
    /// <param name="rounds">At most so many.</param>
    public static InterleavedLatency Measure(IReadOnlyList<string> paths, SampleSet samples, int batchSize, int rounds = Rounds)
    {
        using SessionOptions options = MeasuredSession.OneThread();
        var racers = new List<Racer>();
        try
        {
            foreach (string path in paths)
                racers.Add(new Racer(path, options, samples, batchSize));
            TimeSpan round = racers.Aggregate(TimeSpan.Zero, (sum, racer) => sum + racer.Prepare(ShortestTurn));
            int affordable = (int)Math.Min(rounds, LongestMeasurement / round);
            double[][] seconds = [.. racers.Select(_ => new double[Math.Max(FewestRounds, affordable | 1)])];
            for (int i = 0; i < seconds[0].Length; i++)
                for (int turn = 0; turn < racers.Count; turn++)
                {
                    // Another one first in every round, and each direction every second time: nobody always runs behind the same one.
                    int place = i % 2 == 0 ? turn : racers.Count - 1 - turn;
                    int racer = (place + i) % racers.Count;
                    seconds[racer][i] = racers[racer].Turn().TotalSeconds;
                }
            return new InterleavedLatency(seconds);
        }
        finally
        {
            foreach (Racer racer in racers)
                racer.Dispose();
        }
    }

    /// <summary>How many times as fast as another one a file is: the other's latency ÷ its own, of the same round.</summary>
    public Spread Ratio(int file, int other) =>
        Spread.Of(seconds[other].Zip(seconds[file], (ofOther, ofFile) => ofOther / ofFile));

    /// <summary>Median over the rounds.</summary>
    public double Seconds(int file) => Spread.Of(seconds[file]).Median;

    private sealed class Racer : IDisposable
    {
        private readonly InferenceSession session;
        private readonly RunOptions runOptions = new();
        private readonly RunInputs inputs;
        private int runs = 1;

        public Racer(string path, SessionOptions options, SampleSet samples, int batchSize)
        {
            session = new InferenceSession(path, options);
            inputs = samples.Batch(0, batchSize, session);
        }

        /// <returns>About what a turn will take.</returns>
        public TimeSpan Prepare(TimeSpan shortestTurn)
        {
            Run();
            TimeSpan once = Run();
            runs = 1 + (int)(shortestTurn / once);
            return once * (runs + 1);
        }

        /// <summary>The fastest of the turn's runs: what interrupts one of them is no part of the model. The first run is not timed, as
        /// the caches hold another model then.</summary>
        public TimeSpan Turn()
        {
            Run();
            TimeSpan fastest = Run();
            for (int i = 1; i < runs; i++)
                if (Run() is var elapsed && elapsed < fastest)
                    fastest = elapsed;
            return fastest;
        }

        public void Dispose()
        {
            inputs.Dispose();
            runOptions.Dispose();
            session.Dispose();
        }

        private TimeSpan Run()
        {
            TimeSpan start = ThreadClock.Now;
            session.Run(runOptions, inputs.Names, inputs.Values, session.OutputNames).Dispose();
            return ThreadClock.Now - start;
        }
    }
}

/// <summary>Median and quartiles.</summary>
internal sealed record Spread(double Lower, double Median, double Upper)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted[sorted.Length / 4], sorted[sorted.Length / 2], sorted[sorted.Length * 3 / 4]);
    }
}
