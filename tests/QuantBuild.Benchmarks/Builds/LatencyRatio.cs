using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>How many times faster than the float model a file runs, on one thread.</summary>
internal static class LatencyRatio
{
    /// <summary>Odd, so that the median is one of them; enough that a busy machine spoils a minority.</summary>
    private const int Rounds = 31;

    /// <summary>A turn of the float model takes at least so long, far above what the clock resolves.</summary>
    private static readonly TimeSpan ShortestTurn = TimeSpan.FromMilliseconds(5);

    /// <summary>Median over rounds of float latency ÷ file latency. Both run in every round, one or the other first: what slows the
    /// machine down meets both.</summary>
    public static double Of(string floatPath, string filePath, SampleSet samples, int batchSize)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var reference = new InferenceSession(floatPath, options);
        using var file = new InferenceSession(filePath, options);
        using var runOptions = new RunOptions();
        OrtValue[] batch = samples.Batch(0, batchSize);
        Time(file, 1);
        Time(reference, 1);
        int runs = 1 + (int)(ShortestTurn / Time(reference, 1));

        double[] ratios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            TimeSpan before = round % 2 == 0 ? Time(reference, runs) : TimeSpan.Zero;
            TimeSpan ofFile = Time(file, runs);
            TimeSpan ofReference = round % 2 == 0 ? before : Time(reference, runs);
            ratios[round] = ofReference / ofFile;
        }
        foreach (OrtValue value in batch)
            value.Dispose();
        Array.Sort(ratios);
        return ratios[Rounds / 2];

        TimeSpan Time(InferenceSession session, int count)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
                session.Run(runOptions, samples.InputNames, batch, session.OutputNames).Dispose();
            return Stopwatch.GetElapsedTime(start);
        }
    }
}
